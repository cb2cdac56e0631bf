"""The record of one relationship: its overview, its tabs, and the pieces that change while it is open."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.enums import Permission
from accounts.middleware import viewer_of
from accounts.models import User
from core.http import is_htmx
from core.refusals import Missing
from relationships import panels, tables
from relationships.filters import commitment_ledger as ledger_filters
from relationships.filters import relationship_list as lists
from relationships.forms.composer import ComposerForm, asked_channel, channel_options
from relationships.models import Relationship
from relationships.operations.record_openings import note_opening
from relationships.permissions import may_in
from relationships.queries import commitment_ledger as ledger
from relationships.queries.documents import documents_page
from relationships.queries.record import Record, record, visible_relationship
from relationships.queries.timeline import TimelinePage, timeline_page
from relationships.ui import nearby_days

PAGE = "relationships/relationship_detail.html"
PIECES = "relationships/_pieces.html"
OWN_TABS = ("timeline", "commitments", "people", "documents", "about")


@dataclass(frozen=True)
class Opened:
    """A record that the viewer has opened, as every view of it starts."""

    viewer: User
    now: datetime
    page: Record
    from_list: str

    @property
    def relationship(self) -> Relationship:
        """What the record is of."""
        return self.page.relationship

    @property
    def here(self) -> str:
        """The address of the overview."""
        return f"/{self.relationship.kind}/{self.relationship.pk}/"

    def panels(self, place: str) -> list[panels.Shown]:
        """What upper apps have to show at a place of the page."""
        return panels.shown(place, viewer=self.viewer, relationship=self.relationship, now=self.now)

    @property
    def query(self) -> str:
        """What is kept of the address on the way from record to record."""
        return f"?from={self.from_list}" if self.from_list else ""


def opened(request: HttpRequest, kind: str, relationship_id: int) -> Opened:
    """The record, by one query for the relationship and one for everything around it; raises Missing.

    A confidential one is noted as opened.
    """
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    note_opening(actor=viewer, relationship=relationship, now=now)
    word = request.GET.get("from", "")
    query = lists.decode_list(word) if word else None
    of_list = query if query is not None and query.kind == kind else None
    page = record(
        viewer=viewer,
        relationship=relationship,
        now=now,
        as_of=day_of(request.GET.get("as_of", "")),
        of_list=of_list,
    )
    return Opened(viewer, now, page, word if of_list else "")


@login_required
@require_GET
def relationship_detail(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """The overview: composer and timeline, beside them what comes next, what is owed and who belongs to it."""
    here = opened(request, kind, relationship_id)
    context = frame(here, panels.OVERVIEW) | timeline_context(request, here)
    context |= {"main_panels": here.panels("main")}
    context |= composing(here, asked_channel(request.GET.get("compose", "")))
    return render(request, PAGE, context)


@login_required
@require_GET
def relationship_tab(request: HttpRequest, kind: str, relationship_id: int, tab: str) -> HttpResponse:
    """One tab of the record as a page of its own."""
    here = opened(request, kind, relationship_id)
    if tab == "timeline" and is_htmx(request):
        part = "older" if request.GET.get("before") else "timeline"
        return render(request, f"relationships/_timeline.html#{part}", timeline_context(request, here))
    if tab == "people" and is_htmx(request):
        return render(request, "relationships/_people_rows.html", {"record": here.page})
    context = frame(here, tab)
    if tab not in OWN_TABS:
        context["tab_panel"] = _own_tab(here, tab)
    if tab == "timeline":
        context |= timeline_context(request, here)
    if tab == "commitments":
        context |= _ledger_context(here)
    if tab == "documents":
        cursor = request.GET.get("cursor", "")
        found = documents_page(viewer=here.viewer, relationship=here.relationship, cursor=cursor)
        context["documents"] = found
    return render(request, PAGE, context)


@login_required
@require_GET
def relationship_strip(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """The health strip alone, asked for until what was just logged is scored; then with what else moved."""
    here = opened(request, kind, relationship_id)
    if here.relationship.state.stale_at is not None:
        return render(request, "relationships/_strip.html", frame(here, panels.OVERVIEW))
    context = pieces(request, here) | {"strip_first": True}
    return render(request, PIECES, context)


@login_required
@require_GET
def relationship_pieces(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """Everything that may have changed since the page was loaded, each for its own place."""
    context = pieces(request, opened(request, kind, relationship_id))
    return render(request, PIECES, context | {"with_strip": True})


@login_required
@require_GET
def relationship_panels(request: HttpRequest, kind: str, relationship_id: int) -> HttpResponse:
    """What upper apps show beside the timeline; it comes after the page, which need not wait for it."""
    viewer, now = viewer_of(request), timezone.now()
    relationship = visible_relationship(viewer, kind, relationship_id)
    note_opening(actor=viewer, relationship=relationship, now=now)
    found = panels.shown("aside", viewer=viewer, relationship=relationship, now=now)
    return render(request, "relationships/_aside_panels.html", {"aside_panels": found})


def pieces(request: HttpRequest, here: Opened, fresh: int | None = None) -> dict[str, Any]:
    """What the template of the pieces needs; `fresh` is the event that was just made."""
    context = frame(here, panels.OVERVIEW) | timeline_context(request, here)
    return context | {"fresh_id": fresh}


def composing(here: Opened, channel: str = "", form: ComposerForm | None = None) -> dict[str, Any]:
    """What the composer needs: its form, as it came or with the viewer's draft, and the kinds of talk.

    A fresh one is the same on every record but for the names of people: its form is made only to be drawn.
    """
    persons, draft = here.page.people.persons, here.page.draft
    began = {"channel": channel or (draft.channel if draft else "call"), "body": draft.body if draft else ""}
    return {
        "composer": form or SimpleLazyObject(lambda: ComposerForm(persons=persons, initial=began)),
        "is_fresh_composer": form is None and draft is None,
        "composer_channel": began["channel"],
        "new_key": uuid.uuid4(),
        "draft": draft,
        "is_restored": form is None,
        "channels": channel_options(),
        "persons": persons,
    }


def frame(here: Opened, tab: str) -> dict[str, Any]:
    """What stands around every tab."""
    relationship, viewer = here.relationship, here.viewer
    rights = {
        "may_log": Permission.LOG_INTERACTIONS,
        "may_promise": Permission.MANAGE_COMMITMENTS,
        "may_plan": Permission.MANAGE_FOLLOW_UPS,
        "may_manage": Permission.MANAGE_RELATIONSHIPS,
        "may_assign": Permission.ASSIGN,
        "may_see_money": Permission.VIEW_MONEY,
    }
    return {
        "record": here.page,
        "relationship": relationship,
        "party": relationship.party,
        "here": here.here,
        "from_query": here.query,
        "tab": tab,
        "tabs": panels.tabs(here.page, tab, here.query),
        "strip_panels": here.panels("strip"),
        "now": here.now,
        "days": nearby_days(here.page.today),
        "profile": tables.profile_values(here.page.profile),
        "own_values": tables.own_values(here.page.kind, relationship),
        "may_edit_party": viewer.may(Permission.EDIT_PARTIES),
        "may_open_another": viewer.may(Permission.MANAGE_RELATIONSHIPS),
        "list_url": _list_url(here),
        "beside": _beside(here),
        "has_more_panels": panels.has_any("aside", relationship.kind),
        "fresh_id": None,
        "fresh": "",
        **{name: may_in(viewer, right, relationship) for name, right in rights.items()},
    }


def timeline_context(request: HttpRequest, here: Opened) -> dict[str, Any]:
    """The timeline as it is narrowed by the address."""
    group, q = request.GET.get("group", ""), request.GET.get("q", "")[:100]
    before, person = request.GET.get("before", ""), request.GET.get("person", "")
    chosen = next((tie for tie in here.page.people.known if str(tie.party_id) == person), None)
    found: TimelinePage = timeline_page(
        viewer=here.viewer,
        relationship=here.relationship,
        filter_group=group,
        before=before,
        q=q,
        person_id=chosen.party_id if chosen else None,
        counts=here.page.counts,
    )
    return {
        "here": here.here,
        "weeks": panels.weeks(found.entries, today=here.page.today, after=_moment(before)),
        "next_cursor": found.next_cursor,
        "filters": panels.timeline_filters(here.page.counts, group, here.here),
        "group": group,
        "q": q,
        "person": chosen,
        "record": here.page,
        "is_narrowed": bool(group or q or chosen),
        "may_log": may_in(here.viewer, Permission.LOG_INTERACTIONS, here.relationship),
    }


def _own_tab(here: Opened, tab: str) -> panels.Shown:
    """The tab that an upper app registered; raises Missing."""
    found = panels.tab_panel(tab, viewer=here.viewer, relationship=here.relationship, now=here.now)
    if found is None:
        raise Missing(_("There is no such page."))
    return found


def _ledger_context(here: Opened) -> dict[str, Any]:
    """All promises of the relationship, kept and open, with how well each side keeps its word."""
    query = ledger.LedgerQuery(relationship_id=here.relationship.pk, sort="-due")
    page = ledger.ledger_page(viewer=here.viewer, query=query, now=here.now, cursor="")
    return {
        "lines": [tables.promise_line(promise, here.page.today) for promise in page.rows],
        "rates": ledger_filters.rate_cards(
            query, ledger.kept_rates(viewer=here.viewer, query=query, now=here.now)
        ),
        "columns": tables.PROMISE_HEADS,
        "ledger_url": f"/commitments/?relationship={here.relationship.pk}",
        "ledger_has_more": bool(page.next),
    }


def _beside(here: Opened) -> dict[str, str]:
    """The addresses of the records before and after, as far as there are any."""
    found = here.page.neighbours
    ids = {"previous": found.previous_id, "next": found.next_id} if found else {}
    kind = here.relationship.kind
    return {name: f"/{kind}/{number}/{here.query}" for name, number in ids.items() if number}


def _list_url(here: Opened) -> str:
    query = lists.decode_list(here.from_list) if here.from_list else None
    return lists.list_url(query) if query else f"/{here.relationship.kind}/"


def day_of(text: str) -> date | None:
    """The day that an address asks for; None for none and for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _moment(cursor: str) -> datetime | None:
    """When the last entry of the page before took place."""
    return datetime.fromisoformat(cursor.partition("~")[0]) if cursor else None
