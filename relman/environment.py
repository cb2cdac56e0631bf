"""What the environment says, read in one place. No Django model or setting is touched here."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool) -> bool:
    """The environment variable as yes or no; an unknown word is an error, never a guess."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return value in {"1", "true", "yes", "on"} if value else default
    raise ImproperlyConfigured(f"{name} is {value!r}; it takes 1 or 0.")


def one_of(name: str, default: str, *others: str) -> str:
    """The environment variable as one of the words it may be; a misspelt one must not pass for another."""
    value = os.environ.get(name, "").strip() or default
    if value not in {default, *others}:
        raise ImproperlyConfigured(f"{name} is {value!r}; it takes {' or '.join((default, *others))}.")
    return value


def home(base_dir: Path) -> Path:
    """The folder of the embedded servers' data, files and logs: `RELMAN_HOME`, or `var/`."""
    return Path(os.environ.get("RELMAN_HOME") or base_dir / "var").absolute()


def read_secret(name: str, home_dir: Path, *, production: bool) -> str:
    """A secret from the environment; in development a random one kept in the home with mode 0600."""
    value = os.environ.get(name, "")
    if production:
        if len(value) < 50 or value.startswith(("django-insecure-", "change-me")):
            raise ImproperlyConfigured(
                f"{name} is missing, short or a default. Set it to at least 50 random characters."
            )
        return value
    if value:
        return value
    path = home_dir / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def broker_url(redis_url: str) -> str:
    """The same server as Celery spells it: `unix://:password@/socket` becomes `redis+socket://`."""
    if not redis_url.startswith("unix://"):
        return redis_url
    return "redis+socket://" + redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings from `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if url and parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL starts with {parts.scheme!r}; it takes postgresql://.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "relman",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {**query, "application_name": "relman"},
    }
