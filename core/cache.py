"""The cache, whose clients are kept: making one for every question took as long as the answer."""

from typing import Any

from django.core.cache.backends import redis


class OneClient(redis.RedisCacheClient):
    """Keeps its clients; each is a thin cover over its pool of connections, and safe among threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client to read or to write by: there is one server."""
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class RedisCache(redis.RedisCache):
    """Django's own, asking by `OneClient`."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient
