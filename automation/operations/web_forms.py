"""Web forms: made, changed, switched on and off."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import record_audit
from automation.enums import Asking, Choosing, FormField
from automation.models import WebForm
from automation.operations.checking import require_making
from automation.queries.web_forms import wanting
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships import kinds
from relationships.models import Purpose

ORIGIN = re.compile(r"https://[a-z0-9.-]{1,180}(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?")
MOST_QUESTIONS, MOST_ORIGINS, MOST_FORMS = 10, 20, 100


@dataclass(frozen=True)
class Draft:
    """Everything that a form says."""

    name: str
    title: str
    thanks: str
    asked: Mapping[str, str]
    people: Sequence[int]
    follow_up: str
    follow_up_days: int
    intro: str = ""
    questions: Sequence[str] = ()
    purposes: Sequence[int] = ()
    stage: str = ""
    choosing: str = Choosing.TURN
    origins: Sequence[str] = field(default_factory=tuple)


@transaction.atomic
def create_form(*, actor: User, kind: str, draft: Draft, now: datetime) -> WebForm:
    """A form of the actor's, switched off. Raises NotAllowed, Invalid, Conflict when there are too many."""
    require_making(actor, kind)
    told = _checked(kind, draft)
    if WebForm.objects.filter(author=actor).count() >= MOST_FORMS:
        raise Conflict(_("There are %(most)d forms of yours already.") % {"most": MOST_FORMS})
    form = WebForm.objects.create(
        public_id=secrets.token_urlsafe(15), author=actor, kind=kind, created_at=now, **told
    )
    _audit(actor, form, "web_form_created", now)
    return form


@transaction.atomic
def edit_form(*, actor: User, form: WebForm, version: int, draft: Draft, now: datetime) -> WebForm:
    """Says it anew; its author alone does. Raises Missing, NotAllowed, Invalid, Conflict when changed since."""
    held = _hold(actor, form)
    if held.author_id != actor.pk:
        raise NotAllowed(_("A form is changed by its author alone: it acts with their rights."))
    if held.version != version:
        raise Conflict(_("This was changed since you opened it."))
    for name, value in _checked(held.kind, draft).items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    _audit(actor, held, "web_form_changed", now)
    return held


@transaction.atomic
def switch_form(*, actor: User, form: WebForm, is_on: bool, now: datetime) -> WebForm:
    """On by its author; off also by whoever runs the workspace. Raises Missing, NotAllowed, Conflict."""
    held = _hold(actor, form)
    if is_on and held.author_id != actor.pk:
        raise NotAllowed(_("A form is switched on by its author alone: it acts with their rights."))
    if is_on == (held.on_since is not None):
        raise Conflict(_("It is on already.") if is_on else _("It is off already."))
    if is_on and (refusal := _unready(held.kind, held.stage)):
        raise Conflict(refusal)
    held.on_since = now if is_on else None
    held.save(update_fields=["on_since"])
    _audit(actor, held, "web_form_switched", now)
    return held


def _checked(kind: str, draft: Draft) -> dict[str, object]:
    errors: dict[str, str] = {}
    told = {
        "name": _line(draft.name, 1, 100, "name", errors),
        "title": _line(draft.title, 1, 120, "title", errors),
        "intro": _line(draft.intro, 0, 600, "intro", errors),
        "thanks": _line(draft.thanks, 1, 400, "thanks", errors),
        "follow_up": _line(draft.follow_up, 1, 200, "follow_up", errors),
        "questions": [_line(each, 1, 200, "questions", errors) for each in draft.questions],
        "origins": [_origin(each, errors) for each in draft.origins],
        "asked": _asked(draft.asked, errors),
        "purposes": sorted(set(draft.purposes)),
        "people": sorted(set(draft.people)),
        "choosing": str(draft.choosing),
        "follow_up_days": draft.follow_up_days,
        "stage": draft.stage or kinds.registry.get(kind).first_stage,
    }
    _check_choices(kind, told, errors)
    if errors:
        raise Invalid(errors)
    return told


def _check_choices(kind: str, told: Mapping[str, object], errors: dict[str, str]) -> None:
    people = User.objects.filter(pk__in=told["people"], is_active=True, is_system=False, is_service=False)  # type: ignore[misc]  # a list of numbers
    if not told["people"] or people.count() != len(told["people"]):  # type: ignore[arg-type]
        errors["people"] = _("Choose somebody who works here.")
    purposes = Purpose.objects.filter(pk__in=told["purposes"], retired_at=None, wordings__isnull=False)  # type: ignore[misc]
    if purposes.distinct().count() != len(told["purposes"]):  # type: ignore[arg-type]
        errors["purposes"] = _("Choose purposes that people are asked about in words.")
    if told["choosing"] not in Choosing.values:
        errors["choosing"] = _("Choose how one of them is chosen.")
    if told["stage"] not in [stage.slug for stage in kinds.registry.get(kind).stages]:
        errors["stage"] = _("Choose a stage of the kind.")
    if refusal := _unready(kind, str(told["stage"])):
        errors["stage"] = refusal
    if not 0 <= int(str(told["follow_up_days"])) <= 366:
        errors["follow_up_days"] = _("Give 0 to 366 days.")
    if len(told["questions"]) > MOST_QUESTIONS:  # type: ignore[arg-type]
        errors["questions"] = _("At most %(most)d questions.") % {"most": MOST_QUESTIONS}
    if len(told["origins"]) > MOST_ORIGINS:  # type: ignore[arg-type]
        errors["origins"] = _("At most %(most)d places.") % {"most": MOST_ORIGINS}


def _unready(kind: str, stage: str) -> str:
    """Why nothing that visitors send could be taken in there; "" where it can."""
    fields = wanting(kind, stage)
    words = _("This stage needs what a web form does not ask for: %(fields)s. Choose another stage.")
    return words % {"fields": ", ".join(fields)} if fields else ""


def _line(given: str, least: int, most: int, name: str, errors: dict[str, str]) -> str:
    words = " ".join(given.replace("\0", "").split())
    if not least <= len(words) <= most:
        errors[name] = _("Say it in %(least)d to %(most)d characters.") % {"least": least, "most": most}
    return words


def _origin(given: str, errors: dict[str, str]) -> str:
    """An origin as a policy names it: nothing that could add another word to the header."""
    text = given.strip().lower().rstrip("/")
    if not ORIGIN.fullmatch(text):
        told = {"value": text[:80]}
        errors["origins"] = _("“%(value)s” is no place; write https:// and the host, without a path.") % told
    return text


def _asked(given: Mapping[str, str], errors: dict[str, str]) -> dict[str, str]:
    told = {key: given.get(key, Asking.NOT) for key in FormField.values}
    if any(value not in Asking.values for value in told.values()):
        errors["asked"] = _("Say of each field whether it is asked.")
    if Asking.REQUIRED not in (told[FormField.NAME], told[FormField.ORGANISATION]):
        errors["asked"] = _("Require a name, or that of an organisation: there must be somebody.")
    return {key: str(value) for key, value in told.items()}


def _hold(actor: User, form: WebForm) -> WebForm:
    seen = WebForm.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    held = seen.filter(pk=form.pk).first()
    if held is None:
        raise Missing(_("There is no such form."))
    return held


def _audit(actor: User, form: WebForm, verb: str, now: datetime) -> None:
    record_audit(actor_id=actor.pk, verb=verb, now=now, subject_type="web_form", subject_id=form.pk)
