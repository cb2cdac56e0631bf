"""`python -m relman.probe web|worker|beat`: a container's own health check, exit code 0 or 1.

The web process is asked over HTTP as its proxy would ask it; worker and beat by the sign of life that
they leave in the broker.
"""

import os
import sys
import urllib.error
import urllib.request

import redis

from relman import heartbeats

SILENT_SECONDS = 60


def main(arguments: list[str]) -> str:
    """Why the part is not healthy, nothing where it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
    match arguments:
        case ["web"]:
            return web(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz")
        case ["worker" | "beat" as part]:
            return sign_of_life(part)
    return "Usage: python -m relman.probe web|worker|beat"


def web(url: str) -> str:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310  http by construction
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310  as above
            return ""
    except urllib.error.HTTPError as error:
        return f"{url} answered {error.code}."
    except OSError as error:
        return f"{url} does not answer: {error}."


def sign_of_life(part: heartbeats.Part) -> str:
    try:
        age = heartbeats.ages()[part]
    except redis.RedisError as error:
        return f"The broker does not answer: {error}."
    if age is None or age > SILENT_SECONDS:
        return f"The {part} gave no sign of life for {SILENT_SECONDS} seconds."
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
