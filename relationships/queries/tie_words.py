"""How two parties belong together, in the viewer's language.

Both names of a type are kept with it, and a type may come that the product does not know: then they stand as they are.
"""

from django.utils.translation import pgettext_lazy

TIES = {
    "advises": pgettext_lazy("tie", "advises"),
    "competes with": pgettext_lazy("tie", "competes with"),
    "covers": pgettext_lazy("tie", "covers"),
    "decides for": pgettext_lazy("tie", "decides for"),
    "employs": pgettext_lazy("tie", "employs"),
    "guards access to": pgettext_lazy("tie", "guards access to"),
    "influences": pgettext_lazy("tie", "influences"),
    "is a partner of": pgettext_lazy("tie", "is a partner of"),
    "is a subsidiary of": pgettext_lazy("tie", "is a subsidiary of"),
    "is advised by": pgettext_lazy("tie", "is advised by"),
    "is covered by": pgettext_lazy("tie", "is covered by"),
    "is decided for by": pgettext_lazy("tie", "is decided for by"),
    "is influenced by": pgettext_lazy("tie", "is influenced by"),
    "is owned by": pgettext_lazy("tie", "is owned by"),
    "is reached through": pgettext_lazy("tie", "is reached through"),
    "is the parent of": pgettext_lazy("tie", "is the parent of"),
    "is used by": pgettext_lazy("tie", "is used by"),
    "knows": pgettext_lazy("tie", "knows"),
    "manages": pgettext_lazy("tie", "manages"),
    "owns": pgettext_lazy("tie", "owns"),
    "reports to": pgettext_lazy("tie", "reports to"),
    "shares a household with": pgettext_lazy("tie", "shares a household with"),
    "uses the services of": pgettext_lazy("tie", "uses the services of"),
    "works for": pgettext_lazy("tie", "works for"),
}


def tie_words(kept: str) -> str:
    """One end's name of a type."""
    return str(TIES.get(kept, kept))
