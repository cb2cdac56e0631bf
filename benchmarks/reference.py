"""What is measured, against what, and what it may cost: names, reference code and targets are fixed here.

S is raw SQL that fetches or writes the same facts (`facts`, `raw`). F is a plain signed-in view with the product's
middleware, one query (S itself) and a bare template in the same frame (`views`). A ratio is of medians of one run,
measured in turn.
"""

from dataclasses import dataclass

from benchmarks import facts

FACTS = {
    "list": facts.LIST,
    "deep": facts.DEEP,
    "search": facts.SEARCH,
    "record": facts.RECORD,
    "my-day": facts.MY_DAY,
    "dashboard": facts.DASHBOARD,
}


@dataclass(frozen=True)
class Target:
    """The most that a value may be. `of` says what it is a ratio of; empty for a plain number."""

    most: float
    of: str
    unit: str = "×"


NOT_OURS = ("F ", "S ", "E ")
"""How the names of what is measured beside a page begin: plain view, raw SQL, empty page."""
MOST_QUERIES = 12
FRAME = 1.5
"""F itself may cost S and this many empty pages of the same frame: else the reference would be a lax one."""

PAGES: dict[str, Target] = {
    "list_first": Target(2.0, "F of the list"),
    "list_deep": Target(1.3, "list_first"),
    "list_owner_and_tier": Target(1.5, "list_first"),
    "list_search": Target(1.5, "list_first"),
    "list_own_field": Target(2.0, "list_filter_tier=A"),
    "list_own_field_sorted": Target(2.0, "list_sort_-value"),
    "list_own_field_both": Target(2.0, "list_filter_tier=A&sort=-value"),
    "record_ordinary": Target(2.0, "F of the record"),
    "record_heaviest": Target(1.3, "record_ordinary"),
    "my_day": Target(2.0, "F of My day"),
    "dashboard": Target(2.0, "F of the dashboard"),
}
SEARCH_EVERYTHING = Target(3.0, "p95 of S")
CALL = Target(2.0, "S + 1 empty call of the API")
BESIDE_SQL = {
    "api_list": facts.API_LIST,
    "list_total": facts.TOTAL_FOUND,
    "list_total_silent": facts.TOTAL_SILENT,
}
"""What is no page: a call of the API, and the number of a list's rows, which its page does not wait for."""
SORT_OR_FILTER = Target(1.5, "list_first")
REFERENCES = {
    "list_first": "list",
    "list_deep": "deep",
    "list_search": "search",
    "record_ordinary": "record",
    "record_heaviest": "record",
    "my_day": "my-day",
    "dashboard": "dashboard",
}
LOG = Target(4.0, "S + 1 empty signed-in POST")
CREATE = Target(7.0, "F of a bare create")
SCORE_ALL = Target(2.0, "S of the same components")
SCORE_THOUSAND = Target(2.0, "S of the same components")
SCORE_ONE = Target(5.0, "S of the same components")
INGEST = Target(4.0, "COPY + INSERT … SELECT")
INGEST_MEMORY = Target(300, "", "MB")
WIZARD = Target(3.0, "the same rows by the command")
PREVIEW = Target(1.0, "", "s")
EXPORT = Target(4.0, "a bare COPY of the same facts")
FIRST_BYTE = Target(0.1, "", "s")
EXPORT_MEMORY = Target(20, "", "MB")
EIGHT_CLIENTS = Target(8.0, "p50 of one client")
WEB_MEMORY = Target(276, "", "MB")
WORKER_MEMORY = Target(150, "", "MB")
GROWTH = Target(2.0, "the same page at 10 k")
SEARCH_GROWTH = Target(5.0, "the same SQL at the size before")
WRITES_AT_ONCE = 1_000
