"""Words of oversight: its own entries in the security record, and how the verbs of timelines read in a list."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from oversight.enums import Book
from relationships.models import Interaction, Party
from relationships.registry import registry

AUDIT_WORDS: dict[str, str | Promise] = {
    "audit_exported": _("Audit log exported"),
    "erasure_requested": _("Erasure of a person asked for"),
    "erasure_confirmed": _("Erasure of a person confirmed"),
    "erasure_cancelled": _("Erasure of a person not done"),
    "person_erased": _("Person erased"),
    "person_erased_again": _("Person erased again after a restore"),
    "legal_hold_set": _("Legal hold set"),
    "legal_hold_lifted": _("Legal hold lifted"),
    "retention_rule_set": _("Rule of retention set"),
    "retention_rule_ended": _("Rule of retention ended"),
    "retention_carried_out": _("Rule of retention carried out"),
    "document_purged": _("Removed document gone for good"),
    "subject_access_requested": _("Subject access asked for"),
    "subject_access_fetched": _("Subject access fetched"),
}

PERMISSION_WORDS: dict[Permission, str | Promise] = {
    Permission.VIEW_RELATIONSHIPS: _("See relationships"),
    Permission.LOG_INTERACTIONS: _("Log talk"),
    Permission.EDIT_PARTIES: _("Change parties"),
    Permission.MANAGE_RELATIONSHIPS: _("Open, change and close relationships"),
    Permission.MANAGE_COMMITMENTS: _("Make and keep promises"),
    Permission.MANAGE_FOLLOW_UPS: _("Plan follow-ups"),
    Permission.MANAGE_CASES: _("Open, answer and close cases"),
    Permission.ASSIGN: _("Give relationships to others"),
    Permission.VIEW_MONEY: _("See money"),
    Permission.IMPORT_DATA: _("Import"),
    Permission.EXPORT_DATA: _("Export"),
    Permission.SHARE_VIEWS: _("Share views of lists"),
    Permission.CONFIGURE_HEALTH: _("Set up health"),
    Permission.MANAGE_PEOPLE: _("Manage people and roles"),
    Permission.MANAGE_WORKSPACE: _("Manage the workspace"),
    Permission.VIEW_AUDIT: _("Read the audit log"),
    Permission.VIEW_SENT_MAIL: _("Read the mail that was sent and received"),
}


def permission_words(permission: str) -> str | Promise:
    """What somebody with the right may do."""
    return PERMISSION_WORDS.get(Permission(permission)) or permission.replace("_", " ").capitalize()


def books(current: str) -> list[dict[str, Any]]:
    """The books as tabs."""
    return [{"label": book.label, "url": f"?book={book.value}", "current": book == current} for book in Book]


def due_line(data: str, row: Any) -> Mapping[str, Any]:
    """A row whose time is over, of what a rule is about: where it is, what it is called, from when it is."""
    if data in registry.retained:
        return registry.retained[data].line(row)
    if isinstance(row, Party):
        return {"url": f"/parties/{row.pk}/", "name": row.name, "at": row.created_at}
    role = row.relationship
    at = row.happened_at if isinstance(row, Interaction) else row.uploaded_at
    name = role.party_name if isinstance(row, Interaction) else f"{role.party_name}: {row.name}"
    return {"url": f"/{role.kind}/{role.pk}/", "name": name, "at": at}
