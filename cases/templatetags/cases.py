"""The words of cases in templates, from what the timeline keeps of them."""

from django import template

from cases.enums import CaseState, ClockType, Verb

register = template.Library()


@register.filter
def case_state(state: str) -> str:
    """What a state is called; itself where there is none of that name any more."""
    return str(dict(CaseState.choices).get(state, state))


@register.filter
def case_clock(clock: str) -> str:
    """What a clock is called."""
    return str(dict(ClockType.choices).get(clock, clock))


@register.filter
def case_verb(verb: str) -> str:
    """What happened, in a few words."""
    return str(dict(Verb.choices).get(verb, verb))


@register.filter
def severity_tone(severity: int) -> str:
    """How a severity is toned."""
    return {4: "bad", 3: "warn"}.get(severity, "")
