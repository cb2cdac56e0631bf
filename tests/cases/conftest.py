"""The mail server on loopback, for answers by mail."""

from tests.messaging.conftest import post

__all__ = ["post"]
