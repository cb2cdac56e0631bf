"""What is typed into the pages of import: a file, its columns, a held row."""

from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from exchange.enums import HeldReason
from exchange.models import HeldRow, ImportJob
from exchange.operations.jobs import Answers
from exchange.queries.field_labels import field_label, offered_fields
from exchange.queries.held import cells_of, field_titles

T = TypeVar("T")
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": _("UTF-8 with a mark"),
    "cp1252": "Windows-1252",
    "iso8859-1": "ISO 8859-1",
    "iso8859-15": "ISO 8859-15",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
DELIMITERS = {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Bar")}
LONG = ("card", "about", "body", "description")
LONG_TEXT = 120
TAB = "tab"
"""How a tab is written in a form: a browser takes blanks off."""
DECIMALS = {".": _("Point, as 1,234.56"), ",": _("Comma, as 1.234,56")}
DATES = {
    "": _("2026-03-18, or as found"),
    "%d/%m/%Y": "18/03/2026",
    "%m/%d/%Y": "03/18/2026",
    "%d.%m.%Y": "18.03.2026",
    "%d-%m-%Y": "18-03-2026",
    "%d/%m/%y": "18/03/26",
    "%m/%d/%y": "03/18/26",
    "%d-%b-%Y": "18-Mar-2026",
    "%d-%b-%y": "18-Mar-26",
    "%Y%m%d": "20260318",
    "serial": _("A spreadsheet's number of days"),
}


class UploadForm(forms.Form):
    """A file, and what its rows are."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "CSV or TSV of any encoding, a spreadsheet (XLSX), JSON, vCards, or notes in Markdown (one, or a ZIP "
            "of them). The header is found wherever it is."
        ),
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(
            attrs={"class": "inp", "accept": ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.vcf,.vcard,.md,.zip"}
        ),
    )
    holds = forms.ChoiceField(label=_("What the rows are"), widget=forms.Select(attrs={"class": "inp"}))

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["holds"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = offered


class ColumnsForm(forms.Form):
    """How a file is read: its layout, how values are written, and which field each column is (`column_1` …)."""

    encoding = forms.ChoiceField(label=_("Encoding"))
    delimiter = forms.ChoiceField(label=_("Columns are parted by"))
    header_row = forms.IntegerField(
        label=_("Row of the header"), min_value=0, max_value=100_000, help_text=_("0 where there is none.")
    )
    decimal = forms.ChoiceField(label=_("Decimal sign"))
    date_format = forms.ChoiceField(label=_("Dates are written as"), required=False)
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        help_text=_("Three letters. Empty: the business unit's."),
        widget=forms.TextInput(attrs={"class": "inp"}),
    )

    def __init__(self, data: Any = None, *, job: ImportJob) -> None:
        settings = job.settings
        by_number = {number: name for name, number in settings["columns"].items()}
        delimiter = job.layout["delimiter"]
        initial = {
            "encoding": job.layout["encoding"],
            "delimiter": TAB if delimiter == "\t" else delimiter,
            "header_row": job.layout["header_row"],
            "decimal": settings.get("decimal", "."),
            "date_format": settings.get("date_format", ""),
            "currency": settings["constants"].get("currency", ""),
        }
        self.columns = job.layout["columns"]
        initial |= {f"column_{each['number']}": by_number.get(each["number"], "") for each in self.columns}
        super().__init__(data, initial=initial)
        self.fields["header_row"].widget.attrs["class"] = "inp"
        self._choose("encoding", ENCODINGS, initial["encoding"])
        parted = {TAB if sign == "\t" else sign: words for sign, words in DELIMITERS.items()}
        self._choose("delimiter", parted, initial["delimiter"])
        self._choose("decimal", DECIMALS, initial["decimal"])
        self._choose("date_format", DATES, initial["date_format"])
        offered = [("", _now("Leave out")), *offered_fields(job.dataset, job.kind)]
        for each in self.columns:
            title = each["title"] or _now("Column %(number)d") % {"number": each["number"]}
            self.fields[f"column_{each['number']}"] = forms.ChoiceField(
                label=title, required=False, choices=offered, widget=forms.Select(attrs={"class": "inp"})
            )

    def _choose(self, name: str, known: dict[str, Any], found: str) -> None:
        """Offers what is usual and, where it is another, what was found."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list({**known, found: known.get(found, found)}.items())
        field.widget.attrs["class"] = "inp"

    def clean(self) -> dict[str, Any]:
        """No field is in two columns."""
        said = super().clean() or {}
        taken: dict[str, str] = {}
        for name in (f"column_{each['number']}" for each in self.columns):
            field = said.get(name)
            if field and field in taken:
                words = _now("“%(field)s” is the column “%(other)s” already.")
                facts = {"field": field_label(field), "other": self.fields[taken[field]].label}
                self.add_error(name, words % facts)
            elif field:
                taken[field] = name
        return said

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each column with its samples and the control that says which field it is."""
        return [{**each, "field": self[f"column_{each['number']}"]} for each in self.columns]

    @property
    def answers(self) -> Answers:
        """What the operation takes, of a valid form."""
        said = self.cleaned_data
        columns = {
            said[f"column_{each['number']}"]: each["number"]
            for each in self.columns
            if said[f"column_{each['number']}"]
        }
        return Answers(
            encoding=said["encoding"],
            delimiter="\t" if said["delimiter"] == TAB else said["delimiter"],
            header_row=said["header_row"],
            columns=columns,
            date_format=said["date_format"],
            decimal=said["decimal"],
            currency=said["currency"].upper(),
        )


class CorrectionForm(forms.Form):
    """The cells of a held row, each under the name of our field."""

    def __init__(self, data: Any = None, *, held: HeldRow) -> None:
        super().__init__(data, initial=cells_of(held), auto_id=f"id_{held.pk}_%s")
        self.names = field_titles(held)
        for name, title in self.names.items():
            long = name in LONG or len(cells_of(held)[name]) > LONG_TEXT
            widget = (
                forms.Textarea(attrs={"rows": 6, "class": "inp"})
                if long
                else forms.TextInput(attrs={"class": "inp"})
            )
            self.fields[name] = forms.CharField(label=title, required=False, strip=False, widget=widget)
        if held.reason == HeldReason.EQUAL:
            self.fields["accept_equal"] = forms.BooleanField(
                label=_("It is somebody else with the same address or number"), required=False
            )

    @property
    def cells(self) -> dict[str, str]:
        """What the operation takes: our field to text."""
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def accepts_equal(self) -> bool:
        """Whether somebody says that two parties share what was held for."""
        return bool(self.cleaned_data.get("accept_equal"))
