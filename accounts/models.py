"""People of the company, what they may do and where; and the security record that outlives everything."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission, Scope, Theme
from accounts.permissions import ROLE_CHOICES, ROLES, Role, holds
from core.currencies import currency_names
from core.money import AmountField, CurrencyCodeField

WORK_WEEK = {str(day): [["09:00", "17:00"]] for day in range(5)}


GRANTS_AND_TEAMS = """
SELECT held.*, ARRAY(
    SELECT team.id FROM accounts_team team WHERE team.closed_at IS NULL AND (team.lead_id = %(user)s OR EXISTS (
        SELECT FROM accounts_teammembership m
        WHERE m.team_id = team.id AND m.user_id = %(user)s AND m.ended_at IS NULL))
    ORDER BY team.id) AS team_ids
FROM accounts_rolegrant held WHERE held.user_id = %(user)s AND held.ended_at IS NULL ORDER BY held.id
"""
"""Asked by every request: as text it takes the database a third of a millisecond, and putting it together nothing."""


def default_work_week() -> dict[str, list[list[str]]]:
    """Monday to Friday, nine to five; keys are weekdays (0 = Monday), values lists of intervals."""
    return {day: [list(interval) for interval in intervals] for day, intervals in WORK_WEEK.items()}


class Currency(models.Model):
    """A currency that the workspace keeps amounts in."""

    code = CurrencyCodeField(primary_key=True)
    name = models.CharField(max_length=80)
    minor_units = models.PositiveSmallIntegerField(default=2)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.code)

    @property
    def label(self) -> str:
        """The name in the language that is spoken now; `name` is the English one."""
        return currency_names().get(self.code, self.name)


class ExchangeRate(models.Model):
    """One unit of `currency` in `into`, as known on a day. Without a row, two currencies are never added."""

    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="rates")
    into = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    rate_date = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "into", "rate_date"], name="one_rate_per_pair_and_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="a_rate_is_positive"),
            models.CheckConstraint(condition=~Q(currency=F("into")), name="a_rate_joins_two_currencies"),
        ]


class BusinessUnit(models.Model):
    """A part of the company with its own currency, zone and working hours."""

    name = models.CharField(max_length=120, unique=True)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="business_units")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    country = models.CharField(max_length=2, default="GB", help_text=_("For public holidays."))
    work_week = models.JSONField(default=default_work_week)
    hour_rate = AmountField(
        null=True,
        blank=True,
        help_text=_("What an hour of somebody's work costs; it goes into the cost to serve."),
    )
    is_default = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_business_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who look after relationships together."""

    name = models.CharField(max_length=120)
    business_unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="teams")
    lead = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="teams_led"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business_unit", "name"], name="a_team_name_is_unique_in_its_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users with an address in one spelling."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields: object) -> "User":
        """A new user; without a password nobody can sign in as them until one is set."""
        user = self.model(email=email.strip().lower(), name=name.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """By address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody who works in Relman, or the system itself as an actor."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default="Europe/London")
    language = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="Empty: as the browser says."
    )
    theme = models.CharField(max_length=5, blank=True, choices=Theme.choices, default=Theme.SYSTEM)
    keys_on = models.BooleanField(default=True)
    start_views = models.JSONField(
        default=dict, db_default={}, blank=True, help_text=_("The saved view that each list opens with.")
    )
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    is_service = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("A program: it has roles and tokens, and never signs in."),
    )
    is_sample = models.BooleanField(default=False)
    date_joined = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)
    deactivated_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    teams = models.ManyToManyField(Team, through="TeamMembership", related_name="members")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, deactivated_at=None)
                | Q(is_active=False, deactivated_at__isnull=False),
                name="an_inactive_user_was_deactivated_at_some_time",
            ),
            models.UniqueConstraint(
                fields=["is_system"], condition=Q(is_system=True), name="one_system_actor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """At most two letters, for the avatar."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    def current_grants(self) -> "list[RoleGrant]":
        """The roles this user holds now, read once per loaded user, with the teams in one go."""
        if not hasattr(self, "_current_grants"):
            self._current_grants: list[RoleGrant] = []
            if self.is_active and self.pk:
                self._current_grants = list(RoleGrant.objects.raw(GRANTS_AND_TEAMS, {"user": self.pk}))
                for grant in self._current_grants[:1]:
                    self._current_team_ids: list[int] = vars(grant)["team_ids"]
        return self._current_grants

    def current_team_ids(self) -> list[int]:
        """The teams this user is in or leads now, read once per loaded user."""
        if not hasattr(self, "_current_team_ids"):
            member = TeamMembership.objects.filter(user=self, ended_at=None).values("team")
            teams = Team.objects.filter(Q(lead=self) | Q(pk__in=member), closed_at=None)
            self._current_team_ids = list(teams.order_by("id").values_list("id", flat=True))
        return self._current_team_ids

    def may(self, permission: Permission) -> bool:
        """Whether any of this user's grants carries the permission, in whatever scope."""
        return holds(self, permission)


class TeamMembership(models.Model):
    """Somebody in a team, from a day until a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"],
                condition=Q(ended_at=None),
                name="one_open_membership_per_user_and_team",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="a_membership_ends_after_it_starts",
            ),
        ]


class RoleGrant(models.Model):
    """A role held by a user, within a kind, a team and a business unit (each empty: everywhere)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    kind = models.CharField(max_length=32, blank=True, help_text=_("Empty: every kind."))
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "kind", "team", "business_unit"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="one_open_grant_per_role_and_scope",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_grant_was_ended_by_someone",
            ),
        ]

    @property
    def role_definition(self) -> Role:
        """The role's permissions and reach, as code has them."""
        return ROLES[self.role]

    @property
    def is_unscoped(self) -> bool:
        """Whether it holds in the whole workspace."""
        return not self.kind and self.team_id is None and self.business_unit_id is None


class Invitation(models.Model):
    """Somebody asked by mail to join, with the role they will have. Only a hash of the token is kept."""

    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    kind = models.CharField(max_length=32, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, user=None) | Q(accepted_at__isnull=False, user__isnull=False),
                name="an_accepted_invitation_made_a_user",
            ),
        ]

    def is_open(self, now: datetime) -> bool:
        """Whether the link in the mail still works."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class SetupToken(models.Model):
    """The one-time right to create the first administrator, printed on the console. Only a hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class AccessToken(models.Model):
    """The right of a program to act as a user, within scopes and until a moment. Only a hash of it is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_tokens")
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=16, help_text=_("Its first characters, to tell it from others."))
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope.choices))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, help_text=_("To the hour."))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="access_token_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_token_was_revoked_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="a_token_expires_after_it_is_made"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and now < self.expires_at


class AnsweredCall(models.Model):
    """What a call with an idempotency key was answered, in the transaction that did its work.

    The same call again gets the same answer; `fingerprint` is a hash of what was asked, to refuse another one.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="a_call_is_answered_once_per_user_and_key")
        ]


class AuditEntry(models.Model):
    """One security-relevant fact: ids, never text; no foreign keys; the database refuses to change it."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    verb = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject")]
