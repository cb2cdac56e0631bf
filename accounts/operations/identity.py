"""Names, addresses, passwords and places, checked the same way wherever a person or workspace is described.

Each check adds its words to `errors` (field → words), so that a form hears of all its errors at once.
"""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import User
from core.places import countries, time_zones

NAME_LIMIT = 120


def clean_words(words: str, errors: dict[str, str], field: str, limit: int = NAME_LIMIT) -> str:
    """One line without stray spaces, at most `limit` characters, possibly empty."""
    words = " ".join(words.split())
    if len(words) > limit:
        errors[field] = _("At most %(limit)s characters; this has %(length)s.") % {
            "limit": limit,
            "length": len(words),
        }
    elif not words.isprintable():
        errors[field] = _("This holds characters that cannot be shown.")
    return words


def clean_name(name: str, errors: dict[str, str], field: str = "name") -> str:
    """A name: words that are there."""
    name = clean_words(name, errors, field)
    if not name:
        errors[field] = _("Write a name.")
    return name


def clean_address(email: str, errors: dict[str, str], *, but: User | None = None) -> str:
    """An e-mail address in one spelling that nobody else (`but` themselves) signs in with."""
    email = email.strip().lower()
    others = User.objects.filter(email=email)
    if not is_address(email):
        errors["email"] = _("“%(email)s” is not an e-mail address.") % {"email": email[:254]}
    elif (others.exclude(pk=but.pk) if but else others).exists():
        errors["email"] = _("There is already a person with the address %(email)s.") % {"email": email}
    return email


def is_address(email: str) -> bool:
    """Whether mail could be sent there."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= 254


def check_password(password: str, errors: dict[str, str], *, user: User) -> None:
    """Long enough, not common, not made of the person's own name or address."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors["password"] = " ".join(error.messages)


def check_time_zone(zone: str, errors: dict[str, str]) -> str:
    """A zone of the list."""
    if zone not in time_zones():
        errors["time_zone"] = _("“%(zone)s” is not a time zone.") % {"zone": zone[:64]}
    return zone


def check_country(code: str, errors: dict[str, str]) -> str:
    """A country of the list, by its two-letter code."""
    if code not in countries():
        errors["country"] = _("“%(code)s” is not a country.") % {"code": code[:8]}
    return code
