"""What somebody chooses for themselves: how they are named, their zone, colours and keys."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Theme
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.operations.identity import check_time_zone, clean_name, clean_words
from core.languages import MANNERS
from core.refusals import Invalid


@transaction.atomic
def edit_profile(
    *, actor: User, name: str, job_title: str, time_zone: str, language: str, now: datetime
) -> User:
    """Changes the actor's own name, job title, time zone and language ("" as the browser says). Raises Invalid."""
    errors: dict[str, str] = {}
    held = User.objects.select_for_update().get(pk=actor.pk)
    held.name = clean_name(name, errors)
    held.job_title = clean_words(job_title, errors, "job_title")
    held.time_zone = check_time_zone(time_zone, errors)
    if language and language not in MANNERS:
        errors["language"] = _("“%(language)s” is no language that is spoken here.") % {
            "language": language[:16]
        }
    if errors:
        raise Invalid(errors)
    held.language = language
    held.save(update_fields=["name", "job_title", "time_zone", "language"])
    record_audit(actor_id=held.pk, verb="profile_edited", now=now, subject_type="user", subject_id=held.pk)
    return held


@transaction.atomic
def choose_appearance(*, actor: User, theme: str, keys_on: bool) -> User:
    """Sets the actor's colours and whether single keys act. Raises Invalid."""
    if theme not in Theme.values:
        raise Invalid({"theme": _("“%(theme)s” is not a theme.") % {"theme": theme[:16]}})
    User.objects.filter(pk=actor.pk).update(theme=theme, keys_on=keys_on)
    actor.theme = theme
    actor.keys_on = keys_on
    return actor
