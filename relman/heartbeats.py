"""Signs of life that the worker and beat leave in the broker, each written by the part that it speaks of.

`worker` is stamped by the worker's main process every two seconds, `task` by every run of the heartbeat
task inside the worker's pool, `beat` by beat's own loop. A stamp is a key with an expiry, so its age is
measured by the broker's clock alone and hosts whose clocks differ agree.
"""

from typing import Literal, get_args

import redis
from django.conf import settings

Part = Literal["worker", "task", "beat"]
REMEMBERED_SECONDS = 86_400


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _key(part: Part) -> str:
    return f"relman:heartbeat:{part}"


def stamp(part: Part) -> None:
    """Say that `part` is alive now. Raises `redis.RedisError` when the broker does not answer."""
    with _client() as client:
        client.set(_key(part), 1, ex=REMEMBERED_SECONDS)


def forget() -> None:
    """Drop the signs of an earlier run, so that a new one is ready only by its own."""
    with _client() as client:
        client.delete(*[_key(part) for part in get_args(Part)])


def ages() -> dict[Part, float | None]:
    """Seconds since each part's last sign of life, None where there was none within a day.

    Raises `redis.RedisError` when the broker does not answer.
    """
    parts: tuple[Part, ...] = get_args(Part)
    with _client() as client, client.pipeline(transaction=False) as pipe:
        for part in parts:
            pipe.pttl(_key(part))
        left = pipe.execute()
    return {
        part: None if milliseconds < 0 else REMEMBERED_SECONDS - milliseconds / 1000
        for part, milliseconds in zip(parts, left, strict=True)
    }
