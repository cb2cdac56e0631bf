"""Links that open one door once: the token goes out, only its hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored and searched for. A token is random, so a plain SHA-256 cannot be guessed back, and a
    search by hash takes no time that would tell how much of a token was right.
    """
    return hashlib.sha256(token.encode()).hexdigest()
