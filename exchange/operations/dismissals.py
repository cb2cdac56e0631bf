"""What people said of two parties holds for the one that either of them goes into."""

from typing import Any

from django.db.models import Q

from exchange.models import DuplicateCandidate


def carry_dismissals(*, ledger: Any, keep_id: int, drop_id: int) -> None:
    """Somebody said that another is not the one that goes: so it is not the one that is kept. Part of a merge."""
    about = Q(first=drop_id) | Q(second=drop_id)
    known = set(_others(keep_id))
    made = []
    for said in DuplicateCandidate.objects.filter(about, dismissed_at__isnull=False).order_by("pk"):
        other = said.second_id if said.first_id == drop_id else said.first_id
        if other in known or other == keep_id:
            continue
        first, second = sorted((keep_id, other))
        made.append(
            DuplicateCandidate(
                first_id=first, second_id=second, score=said.score, found_at=said.found_at,
                dismissed_at=said.dismissed_at, dismissed_by_id=said.dismissed_by_id,
            )
        )  # fmt: skip
    ledger.added(DuplicateCandidate, [row.pk for row in DuplicateCandidate.objects.bulk_create(made)])


def _others(party_id: int) -> list[int]:
    """Those that are held beside a party already."""
    about = DuplicateCandidate.objects.filter(Q(first=party_id) | Q(second=party_id))
    return [
        second if first == party_id else first for first, second in about.values_list("first_id", "second_id")
    ]
