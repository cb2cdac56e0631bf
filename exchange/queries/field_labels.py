"""What our fields are called on the pages of import."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.registry import DATASETS
from relationships import kinds
from relationships.queries.custom_fields import definitions

LABELS = {
    "ref": gettext_lazy("Reference"),
    "name": gettext_lazy("Name"),
    "party_kind": gettext_lazy("Person or organisation"),
    "legal_name": gettext_lazy("Legal name"),
    "job_title": gettext_lazy("Job title"),
    "sector": gettext_lazy("Sector"),
    "place": gettext_lazy("Place"),
    "country": gettext_lazy("Country"),
    "about": gettext_lazy("About"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone"),
    "website": gettext_lazy("Website"),
    "address": gettext_lazy("Postal address"),
    "organisation": gettext_lazy("Organisation"),
    "organisation_ref": gettext_lazy("Reference of the organisation"),
    "stage": gettext_lazy("Stage"),
    "objective": gettext_lazy("Objective"),
    "opened_at": gettext_lazy("Relationship since"),
    "identifier.registration": gettext_lazy("Registration number"),
    "order_ref": gettext_lazy("Order number"),
    "line": gettext_lazy("Order line"),
    "customer_ref": gettext_lazy("Customer's reference"),
    "customer_name": gettext_lazy("Customer's name"),
    "ordered_at": gettext_lazy("Ordered on"),
    "product_ref": gettext_lazy("Product number"),
    "product_name": gettext_lazy("Product"),
    "quantity": gettext_lazy("Quantity"),
    "unit_price": gettext_lazy("Unit price"),
    "amount": gettext_lazy("Amount"),
    "external_id": gettext_lazy("Number in the source"),
    "party_ref": gettext_lazy("Reference of the party"),
    "person_ref": gettext_lazy("Reference of the person"),
    "channel": gettext_lazy("Channel"),
    "direction": gettext_lazy("Direction"),
    "happened_at": gettext_lazy("Happened on"),
    "subject": gettext_lazy("Subject"),
    "body": gettext_lazy("Text"),
    "outcome": gettext_lazy("Outcome"),
    "tags": gettext_lazy("Tags"),
    "duration_minutes": gettext_lazy("Minutes"),
    "tone": gettext_lazy("Tone, −1 to 1"),
    "problem_severity": gettext_lazy("Severity of the problem"),
    "speaker": gettext_lazy("Colleague's address"),
    "supplier": gettext_lazy("Supplier"),
    "paid_date": gettext_lazy("Paid on"),
    "currency": gettext_lazy("Currency"),
    "reference": gettext_lazy("Reference"),
    "description": gettext_lazy("Description"),
    "expense_type": gettext_lazy("Expense type"),
    "expense_area": gettext_lazy("Expense area"),
    "party": gettext_lazy("Whom it is from or about"),
    "type": gettext_lazy("Type"),
    "theme": gettext_lazy("Theme"),
    "subtheme": gettext_lazy("Theme within it"),
    "product": gettext_lazy("Product"),
    "subproduct": gettext_lazy("Product within it"),
    "severity": gettext_lazy("Severity"),
    "state": gettext_lazy("State"),
    "raised_at": gettext_lazy("Raised on"),
    "passed_on_at": gettext_lazy("Passed on"),
    "acknowledged_at": gettext_lazy("Acknowledged on"),
    "answered_at": gettext_lazy("First answered on"),
    "closed_at": gettext_lazy("Closed on"),
    "said_in_time": gettext_lazy("Answered in time"),
    "disputed": gettext_lazy("Answer disputed"),
    "step": gettext_lazy("Step"),
    "step_at": gettext_lazy("When the step was"),
    "step_by": gettext_lazy("Whose step it was"),
}
OF_PAYMENTS = {"body": gettext_lazy("Who paid")}
REGISTRATION = "identifier.registration"
PROFILE = "profile."
READ = (models.BooleanField, models.DateField, models.IntegerField, models.DecimalField, models.CharField)
"""The columns of a profile that a file can say something of."""


def field_label(name: str, dataset: str = "") -> str:
    """The words of one field; of a family's member its own name."""
    if dataset == "payments" and name in OF_PAYMENTS:
        return str(OF_PAYMENTS[name])
    return str(LABELS[name]) if name in LABELS else capfirst(name.partition(".")[2].replace("_", " ") or name)


def offered_fields(dataset: str, kind: str) -> list[tuple[str, str]]:
    """(name, label) of the fields that a column can be: the data set's own, a registration number, the profile's."""
    spec = DATASETS[dataset]
    names = [field.name for field in spec.fields]
    own: dict[str, str] = {}
    if spec.prefixes:
        own = {each.name: each.label for each in definitions(kind)} if kind else {}
        names += [REGISTRATION, *_profile_fields(kind), *own]
    needed = {field.name for field in spec.fields if field.required}
    return [
        (name, _("%(label)s (needed)") % {"label": label} if name in needed else label)
        for name, label in ((name, own.get(name) or field_label(name, dataset)) for name in names)
    ]


def _profile_fields(kind: str) -> Iterator[str]:
    if not kind:
        return
    for column in apps.get_model(kinds.registry.get(kind).profile)._meta.concrete_fields:
        if isinstance(column, READ) and not column.is_relation and not column.primary_key:
            yield f"{PROFILE}{column.name}"
