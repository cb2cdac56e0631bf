"""What the style guide shows: made-up people and firms, measured from the moment the page is asked for."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core.icons import glyphs

PARTS = [
    {
        "label": "Contact rhythm",
        "weight": 20,
        "points": 14,
        "reason": "Last call 2 days ago, last meeting 34",
    },
    {
        "label": "Replies and promises",
        "weight": 20,
        "points": 8,
        "reason": "2 replies over 48 h, 1 promise late",
    },
    {"label": "Complaints", "weight": 25, "points": 6, "reason": "1 high-severity case open 9 days"},
    {"label": "What they say", "weight": 15, "points": 9, "reason": "Survey 7 of 10, last e-mail angry"},
    {
        "label": "Business both ways",
        "weight": 20,
        "points": 11,
        "reason": "Orders level, discount asked twice",
    },
]
REASONS = [(-6, "Complaint open 9 days"), (-5, "Two replies later than 48 h"), (-3, "No meeting in 34 days")]
FIRMS = [
    ("Hartwell Dental Group", 34, -9, [44, 42, 43, 41, 40, 40, 38, 37, 37, 36, 35, 34], 61_200, 41),
    ("Pennine Care Homes", 41, -11, [54, 55, 52, 51, 50, 50, 47, 46, 46, 44, 43, 41], 143_900, 6),
    ("Lindqvist Bakeries", 51, -3, [54, 53, 53, 54, 52, 53, 52, 52, 53, 52, 51, 51], 37_500, 18),
    ("Kestrel Rail Catering", 63, 4, [59, 60, 58, 60, 61, 60, 62, 61, 62, 62, 63, 63], 312_000, 4),
    ("Oakham Veterinary", 78, 3, [74, 75, 75, 74, 76, 77, 76, 77, 78, 77, 78, 78], 22_400, 8),
    ("Moorside Garden Centres", None, None, [None, None], 29_700, 9),
]
PEOPLE = [
    {"name": "Dr Helen Marsh", "role": "Decides", "url": "#helen", "strong": True, "tone": "warn"},
    {"name": "Ruth Adeyemi", "role": "Receiving", "url": "#ruth"},
    {"name": "Paul Kerr", "role": "Finance, blocks", "url": "#paul", "past": True},
    {"name": "Amara Osei", "role": "Our manager", "url": "#amara", "ours": True, "strong": True},
    {"name": "Luca Ferri", "role": "Kitchens", "url": "#luca"},
    {"name": "Nina Shah", "role": "Trial sponsor", "url": "#nina"},
]
TONES = ["good", "warn", "bad", "info", ""]
SURFACES = ["bg", "surface", "surface-2", "surface-3", "raised", "line", "line-2", "line-field"]
INKS = ["ink", "ink-2", "ink-3", "accent", "accent-ink", "good", "warn", "bad"]
MONTHS = ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


def specimens(now: datetime) -> dict[str, Any]:
    """Everything the guide's templates name."""
    return {
        "now": now,
        "parts": PARTS,
        "reasons": REASONS,
        "firms": [
            {
                "name": name,
                "score": score,
                "change": change,
                "weeks": weeks,
                "value": value,
                "seen": now - timedelta(days=days),
            }
            for name, score, change, weeks, value, days in FIRMS
        ],
        "people": PEOPLE,
        "hub": {"name": "Brightwater Clinics"},
        "tones": TONES,
        "surfaces": SURFACES,
        "inks": INKS,
        "icons": sorted(glyphs()),
        "statuses": [403, 404, 409, 422],
        "moments": [now + timedelta(days=days) for days in (0, -1, 1, -3, 400)],
        "due": now + timedelta(hours=1, minutes=38),
        **_charts(),
        **_choices(),
    }


def _charts() -> dict[str, Any]:
    return {
        "split_parts": [
            {"count": 259, "tone": "good", "label": _("healthy")},
            {"count": 115, "tone": "warn", "label": _("watch")},
            {"count": 38, "tone": "bad", "label": _("at risk")},
        ],
        "months": MONTHS,
        "letters": [month[0] for month in MONTHS],
        "series": [
            {
                "label": "Customers",
                "tone": "customers",
                "values": [73, 73, 74, 73, 72, 72, 73, 72, 71, 71, 69, 68],
            },
            {
                "label": "Suppliers",
                "tone": "suppliers",
                "values": [70, 70, 71, 70, 71, 72, 72, 73, 73, 74, 75, 76],
            },
        ],
        "paid": [99, 98.6, 98.2, 99.2, 97.9, 98.5, 99.1, 98.4, 98.9, 98.3, 95.3, 88.2],
    }


def _choices() -> dict[str, Any]:
    return {
        "kinds": [
            {"value": "call", "label": _("Call"), "icon": "phone"},
            {"value": "email", "label": _("E-mail"), "icon": "mail"},
            {"value": "meeting", "label": _("Meeting"), "icon": "users"},
            {"value": "note", "label": _("Note"), "icon": "file-text"},
        ],
        "scopes": [
            {"value": "mine", "label": _("Mine"), "url": "?scope=mine"},
            {"value": "team", "label": _("My team"), "url": "?scope=team", "count": 14},
        ],
        "tabs": [
            {"label": _("Overview"), "url": "#overview", "current": True},
            {"label": _("Timeline"), "url": "#timeline", "count": 148},
            {"label": _("Commitments"), "url": "#commitments", "count": 3},
        ],
        "stages": [
            {"slug": "prospect", "label": _("Prospect")},
            {"slug": "active", "label": _("Active")},
            {"slug": "renewing", "label": _("Renewing")},
            {"slug": "ended", "label": _("Ended")},
        ],
        "columns": [
            {"label": _("Customer"), "sort": "?sort=name", "css": "stick"},
            {"label": _("Health"), "sort": "?sort=-health", "direction": "ascending"},
            {"label": _("12 weeks")},
            {"label": _("Last contact"), "sort": "?sort=seen"},
            {"label": _("Value a year"), "sort": "?sort=value", "css": "r"},
        ],
    }


def matching_firms(query: str) -> list[dict[str, str]]:
    """The picker's options: firms whose name holds the query."""
    return [
        {"value": str(i), "label": name, "hint": _("Customer")}
        for i, (name, *_rest) in enumerate(FIRMS, start=1)
        if query.casefold() in name.casefold()
    ]
