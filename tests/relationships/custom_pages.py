"""The pages of the workspace's own fields, for `tests/pages.py`."""

from collections.abc import Callable

from accounts.models import User
from relationships.operations.custom_values import set_custom_values
from relationships.operations.tags import set_tags
from tests.factories import NOW, make_field, make_relationship, make_user


def _fields(viewer: User, rows: int) -> str:
    admin = make_user("administrator")
    for number in range(rows):
        make_field("choice", label=f"Level {number}", actor=admin)
    return "/administration/fields/customers/"


def _field(viewer: User, rows: int) -> str:
    made = make_field("choice", choices=[f"Choice {number}" for number in range(rows)])
    return f"/administration/fields/{made.pk}/"


def _holding(page: str) -> Callable[[User, int], str]:
    """A record with so many fields, a colleague's name among them."""

    def make(viewer: User, rows: int) -> str:
        admin, relationship = make_user("administrator"), make_relationship(owner=viewer)
        for number in range(rows):
            make_field("person", label=f"Sponsor {number}", actor=admin)
            values = {f"sponsor_{number}": viewer.pk}
            set_custom_values(actor=admin, relationship=relationship, values=values, now=NOW)
        return f"/customers/{relationship.pk}/{page}"

    return make


def _tags(page: str) -> Callable[[User, int], str]:
    """The administration of so many tags, or the form of one of a record that bears them."""

    def make(viewer: User, rows: int) -> str:
        relationship = make_relationship(owner=viewer)
        names = [f"Tag {number}" for number in range(rows)]
        set_tags(actor=viewer, relationship=relationship, names=names, now=NOW)
        return page.format(relationship.pk)

    return make


CUSTOM_PAGES: dict[str, Callable[[User, int], str]] = {
    "custom_fields": _fields,
    "custom_field": _field,
    "custom_record": _holding(""),
    "custom_about": _holding("about/"),
    "tags": _tags("/administration/tags/"),
    "relationship_tags": _tags("/customers/{}/tags/"),
    "tagged_record": _tags("/customers/{}/"),
}
