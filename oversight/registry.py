"""What each table says of people outside: what subject access tells of it, and what erasure does with it.

Every column of text, JSON, lists or files of every table of ours stands here; a test says which does not. Whoever
adds a table adds a line.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

DJANGO = frozenset(
    {"auth", "contenttypes", "sessions", "account", "mfa", "usersessions", "axes", "django_celery_beat"}
)
"""Apps that are not ours: they know our own people alone."""


@dataclass(frozen=True)
class Table:
    """A table. `about` are the paths by which a row leads to the person whom it is about; none: it is about nobody.

    Columns stand in one of these, by name, with blanks between: `names` become the pseudonym and `words` are struck
    in the rows about the person; `files` are deleted with them; `others` are words that may name anybody: the
    person is struck out of them, as out of names and words of rows about others. `code` are words of programs and
    names of things, which hold nothing of anybody outside; `ours` is what our own people are known by and sign in
    with. `goes` deletes the rows about the person; `goes_if_named` also those in which they are only named; else
    `kept_for` says for what a row stays, under the pseudonym. `is_told` puts the rows about the person into their
    subject access; `told_also` are further paths by which a row leads to a person who is told of it though it is about
    others too, and `kind_path` leads to the kind without whose sight nobody is told of a row.
    """

    about: tuple[str, ...] = ()
    names: str = ""
    words: str = ""
    files: str = ""
    others: str = ""
    code: str = ""
    ours: str = ""
    goes: bool = False
    goes_if_named: bool = False
    kept_for: str = ""
    is_told: bool = True
    told_also: tuple[str, ...] = ()
    kind_path: str = ""

    @property
    def columns(self) -> set[str]:
        """Every column of which something is said."""
        told = (self.names, self.words, self.files, self.others, self.code, self.ours)
        return {name for group in told for name in group.split()}

    @property
    def searched(self) -> list[str]:
        """The columns in which somebody may be named."""
        return [*self.names.split(), *self.words.split(), *self.others.split()]


STATISTICS = "statistics"
BOOKS = "books"
ACCOUNTABILITY = "accountability"
"""For what rows stay: sums of the past, what tax law has kept for years, and showing what we did and why."""

ROLE = ("relationship__party",)

TABLES: dict[str, Table] = {
    "accounts.AccessToken": Table(code="hint token_hash scopes", ours="name"),
    "accounts.AnsweredCall": Table(code="key fingerprint", others="body headers"),
    "accounts.AuditEntry": Table(code="verb subject_type data ip"),
    "accounts.BusinessUnit": Table(code="name time_zone country work_week"),
    "accounts.Currency": Table(code="code name"),
    "accounts.ExchangeRate": Table(code="currency into"),
    "accounts.Invitation": Table(code="role kind token_hash", ours="email name"),
    "accounts.RoleGrant": Table(code="role kind"),
    "accounts.SetupToken": Table(code="token_hash"),
    "accounts.Team": Table(code="name"),
    "accounts.User": Table(code="time_zone language theme start_views", ours="password email name job_title"),
    "automation.AutomationRule": Table(code="kind trigger", others="name"),
    "automation.RuleVersion": Table(others="says"),
    "automation.RuleRun": Table(code="state", others="told"),
    "automation.WebForm": Table(
        code="public_id kind asked purposes people choosing stage origins",
        others="name title intro thanks questions follow_up",
    ),
    "automation.SentForm": Table(
        about=ROLE, code="nonce state", words="told reason", goes=True, goes_if_named=True
    ),
    "automation.EventReader": Table(code="name"),
    "automation.WebhookEndpoint": Table(code="url areas verbs kinds", others="description end_reason"),
    "automation.EndpointSecret": Table(ours="sealed"),
    "automation.WebhookDelivery": Table(code="thing state"),
    "automation.WebhookAttempt": Table(others="problem excerpt"),
    "cases.Case": Table(
        about=ROLE, told_also=("person",), code="ref type channel state cause_result", kept_for=ACCOUNTABILITY,
        words="subject remedy_sought cause outcome ended_reason",
    ),
    "cases.CaseClock": Table(code="type"),
    "cases.CaseMessage": Table(
        about=("case__relationship__party",), code="sort", words="body", kept_for=ACCOUNTABILITY,
    ),
    "cases.CaseOrigin": Table(
        about=("case__relationship__party",), code="source product subproduct theme subtheme remarks values_key",
        words="ref state_said place", kept_for=ACCOUNTABILITY,
    ),
    "cases.CaseStep": Table(
        about=("case__relationship__party",), code="state source_key", others="step by",
        kept_for=ACCOUNTABILITY,
    ),
    "cases.MailedAnswer": Table(
        about=("case__relationship__party",), is_told=False, code="answers", words="promise",
        kept_for=ACCOUNTABILITY,
    ),
    "cases.ClockPause": Table(code="reason"),
    "cases.MailDesk": Table(code="does case_type"),
    "cases.MailFiling": Table(code="state why", others="refusal"),
    "cases.SlaPolicy": Table(others="reason"),
    "cases.Question": Table(
        about=("case__relationship__party",), told_also=("asked_by",), code="state", words="text reason",
        kept_for=ACCOUNTABILITY,
    ),
    "cases.SlaTarget": Table(code="clock"),
    "commerce.ModelFit": Table(code="model kind currency parameters outcome reason"),
    "commerce.Order": Table(about=ROLE, code="side source currency country", words="ref", kept_for=BOOKS),
    "commerce.OrderLine": Table(
        about=ROLE, is_told=False, code="kind currency source", words="line_ref source_key", kept_for=BOOKS
    ),
    "commerce.Payment": Table(
        about=ROLE, code="currency body source", names="payee", kept_for=BOOKS,
        words="ref description expense_type expense_area source_key",
    ),
    "commerce.Product": Table(code="source ref", others="name"),
    "commerce.PurchaseFact": Table(about=ROLE, code="currency rfm_cell", kept_for=STATISTICS),
    "community.Body": Table(about=ROLE, code="type", words="area issue stance permits", kept_for=STATISTICS),
    "customers.Customer": Table(about=ROLE, words="segment account_number", kept_for=STATISTICS),
    "dashboards.Brief": Table(code="sha256", others="facts"),
    "dashboards.BriefDecision": Table(about=ROLE, words="what", kept_for=ACCOUNTABILITY),
    "dashboards.HealthCell": Table(code="kind"),
    "dashboards.HealthCellPart": Table(code="group"),
    "dashboards.OutsideIssue": Table(code="category impact kinds state", others="title what source workaround"),
    "dashboards.OutsideIssueEvent": Table(code="verb state", others="note"),
    "dashboards.PromiseCell": Table(code="kind"),
    "dashboards.Reconciliation": Table(others="left_name right_name key columns mismatches"),
    "exchange.ChangedRow": Table(code="table_name", others="before after"),
    "exchange.ContactCard": Table(about=("party",), words="properties addresses", goes=True),
    "exchange.CreatedRows": Table(code="table_name"),
    "exchange.HeldRow": Table(
        code="dataset source row_key reason", others="file column value cells", goes_if_named=True,
        kind_path="run__kind",
    ),
    "exchange.ImportJob": Table(
        code="dataset kind sha256 wanted", files="file original", others="name layout settings told refusal trial"
    ),
    "exchange.ImportRun": Table(code="dataset kind", others="source mapping labels files report reversal"),
    "exchange.ImportedRow": Table(code="dataset values_key", others="source ref"),
    "exchange.RememberedLayout": Table(code="dataset kind signature", others="columns styles"),
    "exchange.DuplicateCandidate": Table(about=("first", "second"), goes=True, is_told=False),
    "health.Alert": Table(
        about=ROLE, code="rule state action", words="facts judgement", kept_for=STATISTICS, is_told=False
    ),
    "health.BenefitLine": Table(
        about=("proposal__relationship__party",), code="side kind", words="what evidence actual_source",
        kept_for=ACCOUNTABILITY,
    ),
    "health.CalibrationRun": Table(code="kind bins corners"),
    "health.Component": Table(code="key group measure curve"),
    "health.Proposal": Table(
        about=ROLE, code="currency state approved_hash", words="title reason approved_reason",
        kept_for=ACCOUNTABILITY,
    ),
    "health.RelationshipScore": Table(
        about=ROLE, code="found evidence points used facts shown", words="told", kept_for=STATISTICS
    ),
    "health.Review": Table(
        about=ROLE, code="state facts_hash proposed verdict", kept_for=ACCOUNTABILITY,
        words="facts discussion reason plan data_note later",
    ),
    "health.RuleRetirement": Table(code="rule", others="reason"),
    "health.ScoreBasis": Table(code="keys groups measures weights medians facts starts"),
    "health.ScoreOutcome": Table(about=ROLE, code="event", kept_for=STATISTICS),
    "health.ScoreOverride": Table(about=ROLE, code="component ending", words="reason", kept_for=ACCOUNTABILITY),
    "health.ScoreSnapshot": Table(
        about=ROLE, code="found evidence points used facts shown status", kept_for=STATISTICS
    ),
    "health.Scorecard": Table(code="kind status"),
    "health.ScoringRun": Table(code="kind trigger"),
    "investors.Investor": Table(about=ROLE, code="type style", words="holder_number lei", kept_for=STATISTICS),
    "messaging.Delivery": Table(code="outcome", others="recipient detail"),
    "messaging.InboundFile": Table(code="content_type sha256 kept_back", others="name"),
    "messaging.InboundMessage": Table(
        code="content_hash raw_hash outcome reason marks correspondent", goes_if_named=True,
        others="origin message_id thread_key references subject_key sender_name sender to cc subject reports "
        "body_text headers",
    ),
    "messaging.Mailbox": Table(code="address privacy trusted_server"),
    "messaging.Notification": Table(code="topic subject_type key", others="facts"),
    "messaging.NotificationChoice": Table(code="channels"),
    "messaging.OutboxAttachment": Table(code="content_type", others="name"),
    "messaging.OutboxMessage": Table(
        code="key sender message_id subject_ref state", goes_if_named=True,
        others="to cc bcc reply_to subject body_text body_html headers last_error",
    ),
    "messaging.OutgoingMail": Table(
        code="message_id purpose subject_type", others="in_reply_to references"
    ),
    "messaging.SuppressedAddress": Table(code="reason", others="address note", goes_if_named=True),
    "oversight.Erasure": Table(about=("party",), code="basis state", others="reason summary", is_told=False),
    "oversight.LegalHold": Table(about=("party",), others="reason lifted_reason", is_told=False),
    "oversight.RetentionRule": Table(code="data kind"),
    "oversight.SubjectExport": Table(about=("party",), files="file", others="refusal", is_told=False),
    "press.Outlet": Table(
        about=ROLE, code="medium language", words="reach region beat deadline", kept_for=STATISTICS
    ),
    "relationships.BulkChange": Table(code="kind action field ids", others="words before after"),
    "relationships.Commitment": Table(
        about=ROLE, told_also=("person",), code="direction materiality state", kept_for=STATISTICS,
        words="what evidence withdrawn_reason",
    ),
    "relationships.CommitmentReminder": Table(code="stage"),
    "relationships.ComposerDraft": Table(about=ROLE, code="channel", words="body", goes=True),
    "relationships.ConfidentialAccess": Table(about=ROLE, words="reason", kept_for=ACCOUNTABILITY, is_told=False),
    "relationships.Consent": Table(
        about=("party",), code="channel state door", words="evidence", goes=True
    ),
    "relationships.ConsentStanding": Table(about=("party",), code="channel state", goes=True),
    "relationships.ContactPoint": Table(about=("party",), code="kind", words="value normalised label", goes=True),
    "relationships.ContentScan": Table(code="sha256 state virus", others="problem"),
    "relationships.CustomChoice": Table(code="key label"),
    "relationships.CustomField": Table(
        code="kind key type required_stages section unit", others="label help_text"
    ),
    "relationships.CustomValue": Table(about=ROLE, words="text long_text", goes=True),
    "relationships.Document": Table(
        about=ROLE, code="content_type text_state text_problem", names="name",
        words="note removed_reason sha256 full_text", files="file", kept_for=ACCOUNTABILITY,
    ),
    "relationships.DocumentVersion": Table(
        about=("document__relationship__party",), code="content_type", names="name", words="reason sha256",
        files="file", kept_for=ACCOUNTABILITY,
    ),
    "relationships.ErasedIdentity": Table(code="kind digest"),
    "relationships.Event": Table(
        about=("party", "relationship__party"), code="verb subject_type", words="reason data",
        kept_for=ACCOUNTABILITY,
    ),
    "relationships.FollowUp": Table(
        about=ROLE, told_also=("person",), code="channel", words="what", kept_for=STATISTICS
    ),
    "relationships.Handover": Table(code="moved", others="reason"),
    "relationships.HandoverMail": Table(
        about=("person", "pack__relationship__party"), words="address subject body", goes=True
    ),
    "relationships.HandoverPack": Table(about=ROLE, words="note", kept_for=ACCOUNTABILITY),
    "relationships.Interaction": Table(
        about=ROLE, told_also=("people",), code="channel direction sentiment_by", kept_for=STATISTICS,
        words="subject body outcome tags sentiment_words problem_closed_reason source external_id",
    ),
    "relationships.LinkType": Table(code="slug forward reverse"),
    "relationships.MeetingGuest": Table(about=("party",), words="name address", goes=True),
    "relationships.MeetingInvitation": Table(
        about=("follow_up__relationship__party",), code="uid", words="title place", kept_for=STATISTICS
    ),
    "relationships.MergeRecord": Table(
        about=("kept",), names="former_name", words="reason undone_reason", kept_for=ACCOUNTABILITY
    ),
    "relationships.MergeStep": Table(
        about=("record__kept",), code="action model field ids", words="rows rows_after", kept_for=ACCOUNTABILITY
    ),
    "relationships.Party": Table(
        about=("id",), code="kind time_zone locale", names="name", kept_for=STATISTICS,
        words="legal_name job_title sector place country about",
    ),
    "relationships.PartyIdentifier": Table(about=("party",), code="scheme", words="value", goes=True),
    "relationships.PartyLink": Table(
        about=("source_party", "target_party"), code="stance", words="origin note", goes=True
    ),
    "relationships.PlaybookRun": Table(
        about=ROLE, code="playbook effect", words="label aim effect_note", kept_for=STATISTICS
    ),
    "relationships.PlaybookRunStep": Table(
        about=("run__relationship__party",), words="skipped_reason", kept_for=STATISTICS
    ),
    "relationships.Purpose": Table(code="slug name basis what"),
    "relationships.PurposeWording": Table(code="text"),
    "relationships.Relationship": Table(
        about=("party",), code="kind stage revenue_type", names="party_name", kept_for=STATISTICS,
        words="objective sensitivity_note source external_ref closed_reason",
    ),
    "relationships.RelationshipState": Table(
        about=ROLE, code="kind next_touch_reason health_status health_weeks value_tier value_currency",
        words="health_reason", kept_for=STATISTICS,
    ),
    "relationships.Renegotiation": Table(
        about=("commitment__relationship__party",), told_also=("agreed_with_party",), names="agreed_with",
        words="reason",
        kept_for=STATISTICS,
    ),
    "relationships.SavedView": Table(code="kind", others="name address"),
    "relationships.Submission": Table(code="key subject_type"),
    "relationships.Tag": Table(code="colour", others="name"),
    "relationships.ValueEntry": Table(
        about=ROLE, code="side category currency basis", words="note", kept_for=BOOKS
    ),
    "staff.Employee": Table(
        about=ROLE, words="employee_number department worksite employment band languages", kept_for=STATISTICS
    ),
    "suppliers.Supplier": Table(about=ROLE, words="category capacity supplier_number", kept_for=STATISTICS),
}  # fmt: skip
"""By "app.Model"."""

SEARCHED = (models.CharField, models.TextField, models.JSONField, models.FileField, ArrayField)


def spoken_columns(model: type[models.Model]) -> list[str]:
    """The columns of a table that can hold words: text, JSON, lists and files."""
    return [column.name for column in model._meta.concrete_fields if isinstance(column, SEARCHED)]


def our_models() -> list[type[models.Model]]:
    """Every table of ours that holds words."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label not in DJANGO and spoken_columns(model)]


def table_of(model: type[models.Model]) -> Table:
    """What is said of a table. Of a column of which nothing is said the safe thing holds: people are struck out."""
    told = TABLES.get(model._meta.label, Table(is_told=False))
    missing = [
        name for name in spoken_columns(model) if name not in told.columns and not _is_link(model, name)
    ]
    if not missing:
        return told
    return Table(**{**vars(told), "others": " ".join([told.others, *missing])})


def forgotten_columns() -> dict[str, list[str]]:
    """By table, the columns of which nothing is said."""
    found = {}
    for model in our_models():
        told = TABLES.get(model._meta.label, Table()).columns
        missing = sorted(set(spoken_columns(model)) - told)
        if missing:
            found[model._meta.label] = missing
    return found


def _is_link(model: type[models.Model], name: str) -> bool:
    return bool(model._meta.get_field(name).is_relation)
