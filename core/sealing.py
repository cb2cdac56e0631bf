"""Secrets that must be read again later, kept sealed in the database under the secret key."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def sealed(text: str, purpose: str) -> str:
    """The text, sealed; what was sealed for one purpose opens for no other."""
    return _seal(purpose).encrypt(text.encode()).decode()


def unsealed(text: str, purpose: str) -> str:
    """The secret itself; also of what an earlier secret key sealed (`SECRET_KEY_FALLBACKS`)."""
    return _seal(purpose).decrypt(text.encode()).decode()


def _seal(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [hashlib.sha256(f"relman.{purpose}:{key!s}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
