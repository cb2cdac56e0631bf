from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the words of cases, their place, their part of a record, and what they tell people of."""
        from accounts.registry import registry as accounts_registry
        from cases.models import Case
        from cases.operations.cases import pass_on_cases
        from cases.panels import CASES
        from cases.queries.loading import load_cases
        from cases.queries.open_items import OPEN_CASES, OPEN_QUESTIONS, count_words
        from relationships.registry import Carried, EventWords, PassedOn, Place, Unfinished, registry

        for verb, icon in VERBS:
            template = f"cases/events/_{verb}.html"
            registry.add_event_words(EventWords(f"cases.{verb}", template, icon, "changes"))
        registry.add_subject_loader("case", load_cases)
        registry.add_panel(CASES)
        registry.add_place(Place(_("Cases"), "/cases/", "life-buoy", position=5))
        registry.add_carried(
            Carried("cases.Case", "relationship", label=_("Cases")), Carried("cases.Case", "person")
        )
        registry.add_carried(Carried("cases.Question", "asked_by"))
        registry.add_unfinished(Unfinished("cases", Case.objects.open_in, STILL_OPEN))
        registry.add_passed_on(
            PassedOn("cases", Case.objects.open, pass_on_cases, count_words, since="opened_at")
        )
        for items in (OPEN_CASES, OPEN_QUESTIONS):
            accounts_registry.add_open_items(items)
        accounts_registry.add_audit_words(AUDIT_WORDS)
        self._add_notices()

    def _add_notices(self) -> None:
        """Says what people are told of and what an answer by mail means; has mail that is taken in wait to be filed."""
        from cases.enums import CaseTells
        from cases.operations import mails
        from cases.operations.mail_filing import await_filing
        from cases.queries.notices import CASE
        from messaging.enums import Channel
        from messaging.registry import Mailed, Topic, registry

        registry.add_subject("case", CASE)
        registry.add_mailed(
            "case", Mailed("/cases/%d/", mails.count_answer, mails.note_taken_back, mails.tell_failed)
        )
        registry.add_taker(await_filing)
        registry.add_topics(
            Topic(CaseTells.ASSIGNED, CaseTells.ASSIGNED.label, "life-buoy", Channel.CENTRE, 10),
            Topic(CaseTells.HEARD, CaseTells.HEARD.label, "message-square", Channel.CENTRE, 11),
            Topic(
                CaseTells.WARNING,
                CaseTells.WARNING.label,
                "clock",
                Channel.CENTRE,
                12,
                stages=STAGES,
            ),
            Topic(CaseTells.QUESTION, CaseTells.QUESTION.label, "message-square", Channel.CENTRE, 14),
            Topic(CaseTells.BREACH, CaseTells.BREACH.label, "circle-alert", Channel.MAIL, 13),
            Topic(CaseTells.MAIL_FAILED, CaseTells.MAIL_FAILED.label, "circle-alert", Channel.MAIL, 14),
        )


STILL_OPEN = _("“%(name)s” still has open cases. End them first: %(cases)s.")
AUDIT_WORDS = {
    "sla_policy_changed": _("What we owe by when changed"),
    "mail_desk_set": _("What is done with a mailbox's mail was set"),
    "mail_desk_ended": _("What is done with a mailbox's mail was ended"),
}
VERBS = (
    ("opened", "life-buoy"),
    ("edited", "pencil"),
    ("assigned", "user-check"),
    ("moved", "arrow-right"),
    ("clock_breached", "circle-alert"),
    ("clock_redated", "calendar-clock"),
    ("asked", "message-square"),
    ("question_moved", "message-square"),
    ("mail_written", "send"),
    ("mail_taken_back", "undo-2"),
    ("mail_failed", "circle-alert"),
)
STAGES = {
    "50": _("Half of the time for a case is used"),
    "75": _("Three quarters of the time for a case are used"),
    "90": _("Nine tenths of the time for a case are used"),
}
