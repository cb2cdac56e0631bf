"""The security record: who did what to which thing. Ids and code words only, so it may outlive them all."""

import re
from collections.abc import Mapping
from datetime import datetime

from accounts.models import AuditEntry

CODE_WORD = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")

Fact = int | bool | str | None


def record_audit(
    *,
    actor_id: int | None,
    verb: str,
    now: datetime,
    subject_type: str = "",
    subject_id: int | None = None,
    data: Mapping[str, Fact | list[Fact]] | None = None,
    ip: str | None = None,
) -> AuditEntry:
    """Adds one entry. Raises ValueError for data that could hold somebody's words, names or addresses."""
    facts = dict(data or {})
    for name, value in facts.items():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str) and not CODE_WORD.fullmatch(part):
                raise ValueError(f"audit data {name!r} holds text; keep ids and code words only")
    return AuditEntry.objects.create(
        actor_id=actor_id,
        verb=verb,
        at=now,
        subject_type=subject_type,
        subject_id=subject_id,
        data=facts,
        ip=ip,
    )
