"""Whom the benches look at: people, relationships and addresses of the made-up workspace."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Any

from django.db.models import Count
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import User
from benchmarks.scale.cast import EXECUTIVE, MANAGER
from relationships import kinds
from relationships.filters.relationship_list import SORT_WORDS, views
from relationships.models import Relationship
from relationships.queries.native_fields import column_choices

DASHBOARDS = ("/dashboards/",)
"""Where the executive dashboard stands."""

SOUGHT = "garc"
ORDINARY = (4, 30)
"""How many contacts an ordinary relationship has."""


@dataclass(frozen=True)
class Subjects:
    """What there is to look at, for one person."""

    manager: User
    executive: User
    kind: kinds.Kind
    now: datetime

    @classmethod
    def choose(cls) -> "Subjects":
        """Somebody who owns many relationships, in the commonest kind."""
        return cls(
            User.objects.get(email=MANAGER),
            User.objects.get(email=EXECUTIVE),
            next(iter(kinds.registry)),
            timezone.now(),
        )

    @cached_property
    def open(self) -> Any:
        """The open relationships of the kind that everybody with a role may see."""
        return Relationship.objects.filter(kind=self.kind.slug, closed_at=None, confidentiality=1)

    @cached_property
    def heaviest(self) -> int:
        """The relationship that has by far the most contacts."""
        return int(self.open.order_by("pk").values_list("pk", flat=True)[0])

    @cached_property
    def ordinary(self) -> list[int]:
        """Relationships with some contacts each, in no particular order."""
        first, last = (self.open.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk"))
        tried = Random(1).sample(range(first + 1, last + 1), min(4_000, last - first))
        counted = self.open.filter(pk__in=tried).annotate(n=Count("interactions")).order_by("pk")
        found = list(counted.filter(n__range=ORDINARY).values_list("pk", flat=True)[:200])
        Random(2).shuffle(found)
        return found

    @cached_property
    def dashboard(self) -> str:
        """The address of the executive dashboard; empty where there is none."""
        for path in DASHBOARDS:
            try:
                resolve(path)
            except Resolver404:
                continue
            return path
        return ""

    @cached_property
    def deep(self) -> tuple[str, int, int]:
        """Name, id and place of the row three quarters down the list."""
        rows = self.open.order_by("party_name", "pk")
        place = rows.count() * 3 // 4
        name, pk = rows.values_list("party_name", "pk")[place]
        return name, pk, place

    def lists(self) -> dict[str, str]:
        """Addresses of the kind's list by what is asked of it: pages, search, every sort and every filter."""
        here, (name, pk, place) = f"/{self.kind.slug}/", self.deep
        cursor = json.dumps([0, name, pk, place], separators=(",", ":"))
        deep = base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")
        others = self.open.exclude(owner=self.manager).values("owner_id").annotate(n=Count("pk"))
        owner = others.order_by("-n", "owner_id")[0]["owner_id"]  # whose page is full at every size
        found = {
            "list_first": here,
            "list_tabs": f"{here}views/",
            "list_total": f"{here}total/?q={SOUGHT}",
            "list_total_silent": f"{here}total/?silent=30",
            "list_deep": f"{here}?at={deep}",
            "list_search": f"{here}?q={SOUGHT}",
            "list_owner_and_tier": f"{here}?owner={owner}&tier=A",
            "list_own_field": f"{here}?f_grade=a",
            "list_own_field_sorted": f"{here}?sort=-f_worth",
            "list_own_field_both": f"{here}?f_grade=a&sort=-f_worth",
        }
        found |= {f"list_sort_{sort}": f"{here}?sort={sort}" for sort in SORT_WORDS if sort != "name"}
        found |= {f"list_filter_{words}": f"{here}?{words}" for words in self._filters(owner)}
        for view in views(self.kind.slug)[1:]:
            found[f"list_view_{view.slug}"] = f"{here}?{self._view(view.slug)}"
        return found

    def _filters(self, owner: int) -> list[str]:
        stages = [stage.slug for stage in self.kind.stages]
        asked = [f"health={band}" for band in ("healthy", "at_risk", "none")]
        asked += ["owner=me", "owner=team", f"owner={owner}", f"stage={stages[0]}", f"stage={stages[-1]}"]
        asked += ["tier=A", "tier=D", "silent=30", "silent=365", "overdue=1", "problems=1"]
        asked += ["tier=A&sort=-value", f"stage={stages[0]}&sort=contact", "overdue=1&sort=next"]
        for column in self.kind.columns:
            choices = column_choices(self.kind.slug, column.key)
            asked.append(f"c_{column.key}={choices[0][0] if choices else 'foods'}")
        return asked

    @staticmethod
    def _view(slug: str) -> str:
        return {
            "attention": "health=at_risk&health=watch&sort=health",
            "silent": "silent=30&sort=contact",
            "problems": "problems=1&sort=health",
            "mine": "owner=me&sort=health",
        }.get(slug, "")

    def asked(self, viewer: User, **more: object) -> Mapping[str, Any]:
        """What the reference's queries are given."""
        return {
            "viewer": viewer.pk,
            "kind": self.kind.slug,
            "now": self.now,
            "today": self.now.date(),
            **more,
        }
