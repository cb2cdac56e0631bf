"""Signatures of the Standard Webhooks specification, and the secrets that make them."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.db.models import Q

from automation.models import EndpointSecret, WebhookEndpoint
from core.sealing import sealed, unsealed

PREFIX = "whsec_"
BYTES = 32
PURPOSE = "webhook"


def new_secret(*, endpoint: WebhookEndpoint, now: datetime) -> str:
    """A secret for the endpoint; its words are told here and nowhere else."""
    words = PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()
    EndpointSecret.objects.create(endpoint=endpoint, sealed=sealed(words, PURPOSE), created_at=now)
    return words


def headers_of(endpoint: WebhookEndpoint, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of a call: every secret in force signs, the newest first."""
    at = str(int(now.timestamp()))
    told = f"{message_id}.{at}.".encode() + body
    in_force = endpoint.secrets.filter(Q(retires_at=None) | Q(retires_at__gt=now)).order_by("-id")
    signatures = [_sign(unsealed(secret.sealed, PURPOSE), told) for secret in in_force]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _sign(words: str, told: bytes) -> str:
    key = base64.b64decode(words.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
