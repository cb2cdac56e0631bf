"""The words that rights and confidentiality are made of."""

from enum import StrEnum

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that somebody may do. Roles are sets of these; nothing else grants a right."""

    VIEW_RELATIONSHIPS = "view_relationships"
    LOG_INTERACTIONS = "log_interactions"
    EDIT_PARTIES = "edit_parties"
    MANAGE_RELATIONSHIPS = "manage_relationships"
    MANAGE_COMMITMENTS = "manage_commitments"
    MANAGE_FOLLOW_UPS = "manage_follow_ups"
    MANAGE_CASES = "manage_cases"
    ASSIGN = "assign"
    VIEW_MONEY = "view_money"
    IMPORT_DATA = "import_data"
    EXPORT_DATA = "export_data"
    SHARE_VIEWS = "share_views"
    CONFIGURE_HEALTH = "configure_health"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_WORKSPACE = "manage_workspace"
    VIEW_AUDIT = "view_audit"
    VIEW_SENT_MAIL = "view_sent_mail"


class Reach(StrEnum):
    """How far a role's view of relationships goes inside its scope."""

    ALL = "all"
    TEAM = "team"
    OWN = "own"


class Area(TextChoices):
    """What a token of the API may be limited to: a part of the product."""

    RELATIONSHIPS = "relationships", _("Parties, relationships and what happens in them")
    HEALTH = "health", _("Health, alerts, reviews and proposals")
    TRADE = "trade", _("Orders, payments and value")
    WORKSPACE = "workspace", _("People, imports, duplicates and briefs")
    PRIVACY = "privacy", _("What is known of people: subject access, erasure and retention")
    AUTOMATION = "automation", _("Webhooks, rules and web forms")
    NOTIFICATIONS = "notifications", _("What you are told")


class Scope(TextChoices):
    """What a token may do in an area; writing includes reading."""

    RELATIONSHIPS_READ = "relationships:read", _("Read parties, relationships and what happens in them")
    RELATIONSHIPS_WRITE = "relationships:write", _("Change parties, relationships and what happens in them")
    HEALTH_READ = "health:read", _("Read health, alerts, reviews and proposals")
    HEALTH_WRITE = "health:write", _("Change alerts, reviews and proposals")
    TRADE_READ = "trade:read", _("Read orders, payments and value")
    TRADE_WRITE = "trade:write", _("Change value")
    WORKSPACE_READ = "workspace:read", _("Read people, imports, duplicates and briefs")
    WORKSPACE_WRITE = "workspace:write", _("Import, take imports back, and decide on duplicates")
    PRIVACY_READ = (
        "privacy:read",
        _("Read subject access, erasures and rules of retention, and fetch the files"),
    )
    PRIVACY_WRITE = "privacy:write", _("Ask for subject access and erasure, and set rules of retention")
    AUTOMATION_READ = "automation:read", _("Read webhooks, rules and web forms")
    AUTOMATION_WRITE = "automation:write", _("Change webhooks")
    NOTIFICATIONS_READ = "notifications:read", _("Read what you are told")
    NOTIFICATIONS_WRITE = "notifications:write", _("Choose what you are told, and mark it as read")
    CALENDAR_READ = "calendar:read", _("Read your follow-ups and promises as a calendar")


class Confidentiality(IntegerChoices):
    """Who may know that a row exists; outside its class it does not exist."""

    PUBLIC = 0, _("Public")
    INTERNAL = 1, _("Internal")
    RESTRICTED = 2, _("Restricted to the kind's own people")
    CONFIDENTIAL = 3, _("Confidential, named people only")
    SEALED = 4, _("Sealed")


class Theme(TextChoices):
    """The viewer's colours; empty follows the device."""

    SYSTEM = "", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
