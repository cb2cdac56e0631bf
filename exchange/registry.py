"""The fields that each data set knows: the left side of a mapping."""

from dataclasses import dataclass
from enum import StrEnum

from exchange.enums import Dataset, HeldReason


class FieldType(StrEnum):
    """How a cell's text is read."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"


@dataclass(frozen=True)
class Field:
    """One field of ours. `max_length` bounds text; `whole` and `decimals` bound a number's digits."""

    name: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    max_length: int = 200
    whole: int = 12
    decimals: int | None = None
    no_future: bool = False
    choices: tuple[str, ...] = ()
    missing: HeldReason = HeldReason.MISSING


@dataclass(frozen=True)
class DatasetFields:
    """A data set's fields in order. `prefixes` are families such as `identifier.<scheme>`, with their length."""

    dataset: Dataset
    fields: tuple[Field, ...]
    settings: tuple[str, ...]
    prefixes: tuple[tuple[str, int], ...] = ()

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

DATASETS: dict[str, DatasetFields] = {PURCHASES.dataset.value: PURCHASES}
