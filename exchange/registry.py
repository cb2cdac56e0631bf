"""The fields that each data set knows: the left side of a mapping."""

from dataclasses import dataclass
from enum import StrEnum

from cases.enums import CHANNELS, CaseSeverity, CaseState, CaseType
from exchange.enums import Dataset, HeldReason
from relationships.enums import Channel, Direction, PartyKind, Severity


class FieldType(StrEnum):
    """How a cell's text is read."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    DAY = "day"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Field:
    """One field of ours. `max_length` bounds text, `pattern` is a regular expression that all of it matches;
    `whole` and `decimals` bound a number's digits, `least` and `most` its value.
    """

    name: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    max_length: int = 200
    whole: int = 12
    decimals: int | None = None
    least: float | None = None
    most: float | None = None
    no_future: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    missing: HeldReason = HeldReason.MISSING


@dataclass(frozen=True)
class DatasetFields:
    """A data set's fields in order. `prefixes` are families such as `identifier.<scheme>`, with their length."""

    dataset: Dataset
    fields: tuple[Field, ...]
    settings: tuple[str, ...]
    prefixes: tuple[tuple[str, int], ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()
    """Constants that hold unless a mapping says otherwise."""
    auto_source: str = ""
    """The source of proposed mappings where rows are known by their values, whoever wrote the file."""
    knows_files: bool = False
    """Whether a file with all the headers of a shipped mapping is read by that, without being told."""

    def get(self, name: str) -> Field | None:
        """The field called `name`, also of a family; none when the data set does not know it."""
        for field in self.fields:
            if field.name == name:
                return field
        for prefix, max_length in self.prefixes:
            if name.startswith(prefix) and len(name) > len(prefix):
                return Field(name, max_length=max_length)
        return None


PURCHASES = DatasetFields(
    Dataset.PURCHASES,
    (
        Field("order_ref"),
        Field("line", max_length=120),
        Field("customer_ref", required=True, max_length=120, missing=HeldReason.NO_CUSTOMER),
        Field("customer_name"),
        Field("ordered_at", FieldType.MOMENT, required=True, no_future=True),
        Field("product_ref", max_length=120),
        Field("product_name", max_length=300),
        Field("quantity", FieldType.NUMBER, whole=11, decimals=3),
        Field("unit_price", FieldType.NUMBER, whole=12, decimals=4),
        Field("amount", FieldType.NUMBER, required=True),
        Field("country", max_length=80),
    ),
    settings=("currency", "kind", "business_unit", "party_kind", "stage", "owner", "side"),
)

PARTIES = DatasetFields(
    Dataset.PARTIES,
    (
        Field("ref", max_length=120),
        Field("name", required=True),
        Field("party_kind", max_length=16, choices=tuple(PartyKind.values)),
        Field("legal_name"),
        Field("job_title", max_length=120),
        Field("sector", max_length=80),
        Field("place", max_length=120),
        Field("country", max_length=2, pattern="[A-Za-z]{2}"),
        Field("about", max_length=20_000),
        Field("email", max_length=320),
        Field("phone", max_length=320),
        Field("website", max_length=320),
        Field("address", max_length=320),
        Field("organisation_ref", max_length=120),
        Field("stage", max_length=32),
        Field("objective", max_length=300),
        Field("opened_at", FieldType.MOMENT, no_future=True),
    ),
    settings=("kind", "business_unit", "owner"),
    prefixes=(("identifier.", 120), ("profile.", 200), ("custom.", 20_000)),
)

INTERACTIONS = DatasetFields(
    Dataset.INTERACTIONS,
    (
        Field("external_id", max_length=180),
        Field("party_ref", required=True, max_length=120, missing=HeldReason.NO_CUSTOMER),
        Field("person_ref", max_length=120),
        Field("channel", required=True, max_length=8, choices=tuple(Channel.values)),
        Field("direction", required=True, max_length=6, choices=tuple(Direction.values)),
        Field("happened_at", FieldType.MOMENT, required=True, no_future=True),
        Field("subject", max_length=200),
        Field("body", max_length=100_000),
        Field("outcome", max_length=60),
        Field("tags", max_length=400),
        Field("duration_minutes", FieldType.NUMBER, whole=4, decimals=0, least=0, most=1440),
        Field("tone", FieldType.NUMBER, whole=1, decimals=4, least=-1, most=1),
        Field("problem_severity", max_length=1, choices=tuple(str(value) for value in Severity.values)),
        Field("speaker", max_length=254),
    ),
    settings=("kind", "business_unit"),
)

PAYMENTS = DatasetFields(
    Dataset.PAYMENTS,
    (
        Field("supplier", required=True, pattern="[^#].*|#[^A-Z].*"),
        Field("paid_date", FieldType.DAY, required=True, no_future=True),
        Field("amount", FieldType.NUMBER, required=True),
        Field("currency", max_length=3, pattern="[A-Za-z]{3}"),
        Field("reference", max_length=120),
        Field("description", max_length=2_000),
        Field("expense_type", max_length=1_000),
        Field("expense_area", max_length=1_000),
        Field("body"),
        Field("external_id", max_length=120),
    ),
    settings=("kind", "business_unit", "stage", "owner", "party_kind"),
    defaults=(("kind", "suppliers"), ("stage", "approved")),
    auto_source="payments",
)

UNKNOWN = "unknown"
"""A word of a file's that says nothing: for a channel of which it is not told."""

CASES = DatasetFields(
    Dataset.CASES,
    (
        Field("external_id", max_length=180),
        Field("party", required=True, missing=HeldReason.NO_CUSTOMER),
        Field("party_ref", max_length=120),
        Field("type", max_length=10, choices=tuple(CaseType.values)),
        Field("channel", max_length=8, choices=(*(value for value, _label in CHANNELS), UNKNOWN)),
        Field("subject"),
        Field("theme"),
        Field("subtheme"),
        Field("product"),
        Field("subproduct"),
        Field("place"),
        Field("severity", max_length=1, choices=tuple(str(value) for value in CaseSeverity.values)),
        Field("state", choices=tuple(value for value in CaseState.values if value != CaseState.DUPLICATE)),
        Field("raised_at", FieldType.MOMENT, no_future=True),
        Field("passed_on_at", FieldType.MOMENT, no_future=True),
        Field("acknowledged_at", FieldType.MOMENT, no_future=True),
        Field("answered_at", FieldType.MOMENT, no_future=True),
        Field("closed_at", FieldType.MOMENT, no_future=True),
        Field("said_in_time", FieldType.YES_NO),
        Field("disputed", FieldType.YES_NO),
        Field("outcome", max_length=10_000),
        Field("step", max_length=120),
        Field("step_at", FieldType.MOMENT, no_future=True),
        Field("step_by", max_length=120),
    ),
    settings=("kind", "business_unit", "stage", "owner", "party_kind"),
    defaults=(("kind", "customers"),),
    knows_files=True,
)

DATASETS: dict[str, DatasetFields] = {
    spec.dataset.value: spec for spec in (PARTIES, PURCHASES, INTERACTIONS, PAYMENTS, CASES)
}
