"""The rows of a list in its kind's own columns, written out: made by a template they were half of what a page costs."""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import spark
from core.ego import initials
from core.templatetags import ui
from relationships.queries.relationship_list import NextStep
from relationships.tables import Line

ROW = (
    "<tr>\n"
    '<td class="stick pick"><input type="checkbox" class="chk" name="id" value="{pk}" aria-label="{select}"></td>\n'
    '<td class="pri stick s2"><a class="row" href="{href}">{avatar}<span class="trunc">{name}</span></a></td>\n'
    '<td class="aux"><span class="row gap-2">{health}</span></td>\n'
    '<td class="aux">{weeks}</td>\n'
    '<td class="trunc s sub" title="{reason}">{reason}</td>\n'
    "<td>{contact}</td>\n"
    '<td class="trunc m sub">{next_step}</td>\n'
    '<td class="r">{promises}</td>{own}{worth}\n'
    "<td>{owner}</td>\n"
    "</tr>\n"
)
OPEN_PROMISES = (
    '<a class="over" href="/commitments/?relationship={pk}&amp;status=open">{n}'
    '<span class="vh"> {words}</span></a>'
)


def list_rows(lines: Sequence[Line], *, may_open: bool, with_money: bool) -> SafeString:
    """A row of the table for each line; `may_open` makes what is the kind's own writable where it stands."""
    starts = _starts_of_own(lines[0], may_open) if lines else []
    end = "</button></td>" if may_open else "</td>"
    empty = "–" if may_open else ""
    words = {"select": escape(_("Select %(name)s")), "promises": escape(_("open promises"))}
    rows = (
        ROW.format(
            own="".join(
                f"{start}{escape(str(value)) or empty}{end}"
                for start, (_column, value) in zip(starts, line.own, strict=True)
            ),
            worth=f'<td class="r num">{_worth(line)}</td>' if with_money else "",
            **_cells(line, **words),
        )
        for line in lines
    )
    return SafeString("".join(rows))


def _starts_of_own(line: Line, may_open: bool) -> list[str]:
    """What stands before the values of the kind's own columns."""
    starts = []
    for column, _value in line.own:
        cell = f'<td class="{"r" if column.numeric else "trunc xs"}">'
        label = escape(str(column.label))
        edit = f'<button type="button" class="ed" data-edit="c_{column.key}" title="{label}">'
        starts.append(cell + edit if may_open else cell)
    return starts


def _cells(line: Line, select: str, promises: str) -> dict[str, object]:
    """What every list says of a row."""
    relationship, state = line.relationship, line.state
    name, pk = escape(relationship.party_name), relationship.pk
    return {
        "pk": pk,
        "select": select % {"name": name},
        "href": escape(line.href),
        "avatar": ui.avatar(relationship.party_name, is_person=relationship.party.is_person),
        "name": name,
        "health": _health(line),
        "weeks": spark(state.health_weeks, 72, 22, line.health_tone),
        "reason": escape(line.reason),
        "contact": _contact(line),
        "next_step": next_step(line.next_step),
        "promises": OPEN_PROMISES.format(pk=pk, n=state.open_commitments, words=promises)
        if state.open_commitments
        else "",
        "owner": _owner(relationship.owner.name),
    }


def _health(line: Line) -> str:
    state = line.state
    badge = ui.health_badge(state.health, line.health_tone, compact=True)
    is_told = state.health is not None and state.health_change is not None
    return f"{badge}{ui.delta(line.change)}" if is_told else badge


def _contact(line: Line) -> str:
    last = line.state.last_interaction_at
    if last is None:
        return f'<span class="c-3">{_("Never")}</span>'
    return f'<span class="c-{line.contact_tone or "2"}">{ui.since(last)}</span>'


def _worth(line: Line) -> str:
    state = line.state
    return escape(ui.money(state.value_amount, state.value_currency, whole=True)) if line.shows_money else ""


def _owner(name: str) -> str:
    told = escape(name)
    return f'<span class="av {ui.avatar_hue(name)}" role="img" title="{told}">{escape(initials(name))}</span>'


def next_step(step: NextStep) -> SafeString:
    """What comes next, or what the rhythm asks for. There is always one. The day first: it is never cut off."""
    if not step.what:
        day = f", {ui.when(step.due_date, lower=True)}" if step.due_date else ""
        return SafeString(f'<span class="c-{"bad" if step.is_overdue else "3"}">{_("By rhythm")}{day}</span>')
    what = escape(step.what)
    late = ' class="c-bad"' if step.is_overdue else ""
    return SafeString(f'<span title="{what}"{late}>{ui.when(step.due_date)}, {what}</span>')
