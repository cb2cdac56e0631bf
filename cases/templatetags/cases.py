"""The words of cases in templates, from what the timeline keeps of them."""

from django import template

from cases.enums import CaseState, ClockType, QuestionState, Verb

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


@register.filter
def question_state(state: str) -> str:
    """What a state of a question is called."""
    return str(dict(QuestionState.choices).get(state, state))


@register.filter
def question_tone(state: str) -> str:
    """How a state of a question is toned."""
    return {QuestionState.OPEN: "bad", QuestionState.PROPOSED: "warn", QuestionState.ANSWERED: "good"}.get(
        QuestionState(state), ""
    )
