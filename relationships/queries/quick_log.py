"""The one-line log, read against what the viewer may know of: names become parties, and doubt becomes a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from analytics.quicklog import Finding, Name, ParsedLog, name_key, parse, vocabulary
from relationships import kinds
from relationships.models import Party, Relationship
from relationships.permissions import may_in
from relationships.queries import name_search
from relationships.queries.name_search import FoundPerson
from relationships.queries.quick_log_words import finding_words, option_words

NEW, TEXT = "new", "text"


@dataclass(frozen=True)
class Choice:
    """One answer. `value` goes into the answers; a `line` instead replaces the whole line."""

    value: str
    label: str
    detail: str = ""
    line: str = ""


@dataclass(frozen=True)
class Question:
    """Something that is not sure or not right. `key` names it in the answers; empty: only the line answers it.

    `start` and `end` are the place in the line (both 0: the line as a whole).
    """

    key: str
    code: str
    words: str
    start: int = 0
    end: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class ReadPerson:
    """A name of the line and who it is; `party` is None for somebody who will be written down."""

    name: Name
    party: Party | None


@dataclass(frozen=True)
class NewParty:
    """An organisation that will be written down and opened as a relationship of `kind`.

    `party` is set when it is known already but nothing to us yet.
    """

    name: str
    kind: str
    party: Party | None = None


@dataclass(frozen=True)
class ReadLog:
    """A line, understood: what would be logged, or what has to be asked first."""

    parsed: ParsedLog
    relationship: Relationship | None
    new_party: NewParty | None
    people: tuple[ReadPerson, ...]
    questions: tuple[Question, ...]
    errors: tuple[Question, ...]

    @property
    def is_clear(self) -> bool:
        """Nothing to ask and nothing wrong: it may be logged as it stands."""
        return not self.questions and not self.errors


def read_line(
    *,
    actor: User,
    line: str,
    now: datetime,
    relationship: Relationship | None = None,
    answers: Mapping[str, str] | None = None,
) -> ReadLog:
    """Reads a line in the actor's time zone, by the words of the language that is spoken now and the English ones.

    Runs at most eight queries, however many names it holds.

    `relationship` is the page on which the line is typed: it is meant when the line names no organisation.
    `answers` maps a question's key to one of its choices' values; anything else leaves the question open.
    """
    parsed = parse(line, now.astimezone(ZoneInfo(actor.time_zone)), vocabulary(get_language() or ""))
    return _Reading(actor, parsed, relationship, answers or {}).finish()


class _Reading:
    """The line while its names are being resolved."""

    def __init__(
        self, actor: User, parsed: ParsedLog, context: Relationship | None, answers: Mapping[str, str]
    ) -> None:
        self.actor = actor
        self.parsed = parsed
        self.context = context
        self.answers = answers
        self.relationship: Relationship | None = None
        self.new_party: NewParty | None = None
        self.people: list[ReadPerson] = []
        self.questions: list[Question] = []
        self.errors: list[Question] = []
        self.found: dict[str, list[FoundPerson]] = {}

    def finish(self) -> ReadLog:
        if "empty" not in {finding.code for finding in self.parsed.errors}:
            self._resolve()
        self.questions += [_asked(finding) for finding in self.parsed.questions]
        self.errors += [_asked(finding) for finding in self.parsed.errors]
        return ReadLog(
            self.parsed,
            self.relationship,
            self.new_party,
            tuple(self.people),
            tuple(sorted(self.questions, key=lambda question: question.start)),
            tuple(sorted(self.errors, key=lambda question: question.start)),
        )

    def _resolve(self) -> None:
        organisation = self._organisation()
        if organisation is not None:
            self._resolve_organisation(organisation)
        elif not self.parsed.organisations:
            self.relationship = self.context
        self.found = self._people_called()
        if not self.parsed.organisations and self.context is None:
            self._infer()
        for name in self.parsed.people:
            self._resolve_person(name, self.found[name_key(name.text)])
        held = self.relationship
        if held is not None and not may_in(self.actor, Permission.LOG_INTERACTIONS, held):
            words = _("Your role does not allow logging with %(name)s.") % {"name": held.party_name}
            self.errors.append(Question("", "not_allowed", words))

    def _people_called(self) -> dict[str, list[FoundPerson]]:
        return name_search.people_called(
            self.actor,
            [name.text for name in self.parsed.people],
            near=self.relationship.party_id if self.relationship else None,
            today=self.parsed.happened_at.date(),
        )

    def _organisation(self) -> Name | None:
        """The one organisation that the line names; asks when it names several."""
        names = {name_key(name.text): name for name in self.parsed.organisations}
        if len(names) < 2:
            return next(iter(names.values()), None)
        chosen = self._ask(
            "organisations",
            "several_organisations",
            _("One entry belongs to one relationship. Which one?"),
            self.parsed.organisations[1],
            [Choice(key, name.text) for key, name in names.items()],
        )
        return names[chosen] if chosen else None

    def _resolve_organisation(self, name: Name) -> None:
        found = name_search.relationships_called(self.actor, name.text)
        parties = {relationship.party_id: relationship for relationship in found}
        if self.context is not None and self.context.party_id in parties:
            self.relationship = self.context
            return
        if not found:
            self._unknown_organisation(name)
            return
        party_id: int | None = next(iter(parties))
        if len(parties) > 1:
            choices = [
                Choice(f"party:{party_id}", relationship.party_name, _where(relationship))
                for party_id, relationship in parties.items()
            ]
            words = _("Several are called “%(name)s”. Which one?") % {"name": name.text}
            chosen = self._ask(_key("organisation", name), "organisation_ambiguous", words, name, choices)
            party_id = int(chosen.removeprefix("party:")) if chosen else None
        self._choose_relationship([held for held in found if held.party_id == party_id], name)

    def _choose_relationship(self, candidates: Sequence[Relationship], name: Name | None) -> None:
        """The only candidate, or the answer to which it is."""
        if len(candidates) == 1:
            self.relationship = candidates[0]
        elif candidates:
            ids = "-".join(str(held.pk) for held in candidates)
            chosen = self._ask(
                f"relationship:{ids}",
                "relationship_ambiguous",
                _("Which relationship is this about?"),
                name,
                [Choice(f"relationship:{held.pk}", held.party_name, _what(held)) for held in candidates],
            )
            by_value = {f"relationship:{held.pk}": held for held in candidates}
            self.relationship = by_value.get(chosen)

    def _unknown_organisation(self, name: Name) -> None:
        """Nobody of that name is anything to us: offers those that sound like it, and to write it down."""
        known, similar = name_search.parties_like(self.actor, name.text)
        choices = [
            Choice(f"relationship:{held.pk}", held.party_name, _what(held)) for held in similar
        ] + self._openings(name, known)
        words = _("“%(name)s” is not known here.") % {"name": name.text}
        chosen = self._ask(_key("organisation", name), "organisation_unknown", words, name, choices)
        by_value = {f"relationship:{held.pk}": held for held in similar}
        if chosen in by_value:
            self.relationship = by_value[chosen]
        elif chosen:
            _new, kind, party_id = chosen.split(":")
            party = next((party for party in known if str(party.pk) == party_id), None)
            self.new_party = NewParty(party.name if party else name.text, kind, party)

    def _openings(self, name: Name, known: Sequence[Party]) -> list[Choice]:
        """The kinds of relationship that the actor may open with somebody known, or with somebody new."""
        opened = [kind for kind in kinds.registry if self._may_open(kind.slug)]
        fitting = [(kind, party) for party in known for kind in opened if party.kind in kind.party_kinds]
        choices = [
            Choice(f"{NEW}:{kind.slug}:{party.pk}", party.name, _("open as %(kind)s") % {"kind": kind.label})
            for kind, party in fitting
        ]
        if self.actor.may(Permission.EDIT_PARTIES):
            choices += [
                Choice(f"{NEW}:{kind.slug}:", name.text, _("new, as %(kind)s") % {"kind": kind.label})
                for kind in opened
            ]
        return choices

    def _may_open(self, kind: str) -> bool:
        return any(
            Permission.MANAGE_RELATIONSHIPS in grant.role_definition.permissions
            and grant.kind in ("", kind)
            and kinds.registry.get(kind).is_open_to(grant.role)
            and not grant.team_id
            for grant in self.actor.current_grants()
        )

    def _infer(self) -> None:
        """No organisation is named: the relationship is that of the people, when there is just one."""
        parties = {
            party_id
            for name in self.parsed.people
            for person in self._candidates(name, self.found[name_key(name.text)])
            for party_id in person.party_ids
        }
        candidates = name_search.relationships_of(self.actor, parties) if parties else []
        if candidates:
            self._choose_relationship(candidates, self.parsed.people[0])
        else:
            words = _("Say who it was with: write @ and the organisation's name.")
            self.questions.append(Question("", "organisation_missing", words))

    def _candidates(self, name: Name, found: list[FoundPerson]) -> list[FoundPerson]:
        """The answer to who it is, when there is one, else everybody whom the name meets most closely."""
        answered = self.answers.get(_key("person", name), "")
        chosen = [person for person in found if f"party:{person.party.pk}" == answered]
        return chosen or name_search.closest(found, lambda person: person.closeness)

    def _resolve_person(self, name: Name, found: list[FoundPerson]) -> None:
        """One of the relationship's own people, when just one is called so and nobody else more exactly."""
        party_id = self.relationship.party_id if self.relationship else None
        here = [person for person in found if party_id in person.party_ids]
        if not name.sure:  # any word may begin somebody's name somewhere: elsewhere only a whole one counts
            found = [person for person in found if person in here or person.closeness == name_search.WHOLE]
        near = name_search.closest(here, lambda person: person.closeness)
        best = max((person.closeness for person in found), default=0)
        if len(near) == 1 and near[0].closeness == best:
            self.people.append(ReadPerson(name, near[0].party))
        elif not found and not name.sure:
            self.parsed = self.parsed.without_person(name)
        elif self.relationship or self.new_party:  # otherwise it is asked first whom it was with
            far = [person for person in found if person.closeness == best and person not in near]
            self._ask_person(name, near + far if best > (near[0].closeness if near else 0) else near)

    def _ask_person(self, name: Name, candidates: list[FoundPerson]) -> None:
        choices = self._people_choices(candidates)
        if self.actor.may(Permission.EDIT_PARTIES):
            choices.append(Choice(NEW, name.text, _("somebody new")))
        choices.append(Choice(TEXT, name.text, _("not a person, part of the words")))
        code, words = _doubt(name, candidates)
        chosen = self._ask(_key("person", name), code, words, name, choices)
        if chosen == TEXT:
            self.parsed = self.parsed.without_person(name)
        elif chosen == NEW:
            self.people.append(ReadPerson(name, None))
        elif chosen:
            party = next(person.party for person in candidates if f"party:{person.party.pk}" == chosen)
            self.people.append(ReadPerson(name, party))

    def _people_choices(self, candidates: list[FoundPerson]) -> list[Choice]:
        """The people with what tells them apart: their title, and where they belong as far as one may know."""
        names = self._names
        return [
            Choice(
                f"party:{person.party.pk}",
                person.party.name,
                ", ".join(
                    part
                    for part in [
                        person.party.job_title,
                        *(names[party_id] for party_id in sorted(person.party_ids & names.keys())),
                    ]
                    if part
                ),
            )
            for person in candidates
        ]

    @cached_property
    def _names(self) -> dict[int, str]:
        """The parties to which all the people found belong, as far as one may know of them; one query."""
        everybody = [person for people in self.found.values() for person in people]
        return name_search.names_of(
            self.actor, {other for person in everybody for other in person.party_ids - {person.party.pk}}
        )

    def _ask(self, key: str, code: str, words: str, name: Name | None, choices: Sequence[Choice]) -> str:
        """The given answer, when it is one of the choices; otherwise asks and returns ""."""
        answer = self.answers.get(key, "")
        if answer and answer in {choice.value for choice in choices}:
            return answer
        start, end = (name.start, name.end) if name else (0, 0)
        self.questions.append(Question(key, code, words, start, end, tuple(choices)))
        return ""


def _key(what: str, name: Name) -> str:
    return f"{what}:{name_key(name.text)}"


def _asked(finding: Finding) -> Question:
    choices = tuple(Choice("", option_words(option.value), line=option.line) for option in finding.options)
    return Question("", finding.code, finding_words(finding), finding.start, finding.end, choices)


def _doubt(name: Name, candidates: list[FoundPerson]) -> tuple[str, str]:
    told = {"name": name.text}
    if not candidates:
        return "person_unknown", _("“%(name)s” is not known here.") % told
    if len(candidates) > 1:
        return "person_ambiguous", _("Several people may be meant by “%(name)s”. Who is it?") % told
    return "person_elsewhere", _("“%(name)s” is known, but not here. The same person?") % told


def _what(held: Relationship) -> str:
    """What a relationship is: kind, and business unit."""
    kind = kinds.registry.get(held.kind).label
    return _("%(kind)s of %(unit)s") % {"kind": kind, "unit": held.business_unit.name}


def _where(held: Relationship) -> str:
    """What tells parties of one name apart."""
    parts = [str(kinds.registry.get(held.kind).label), held.party.place, held.party.sector]
    return ", ".join(part for part in parts if part)
