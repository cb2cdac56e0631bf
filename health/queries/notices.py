"""What health's notifications are about, in words for those who may know of it."""

from django.utils.translation import gettext as _

from health.enums import Rule
from health.models import Alert, Review
from health.queries.proposals import seen_proposals
from messaging.registry import Line, Said, Subject
from relationships.queries.notices import at, in_relationship, is_open, of_both


def _alert(said: Said) -> Line:
    place = f"/alerts/?whose=all&relationship={said.number}"
    return Line(str(Rule(said.title).label), place, said.name, is_open(said))


def _review(said: Said) -> Line:
    title = _("Review of %(name)s") % {"name": said.title}
    return Line(title, f"/reviews/{said.pk}/", is_open=is_open(said))


SUBJECTS = {
    "alert": Subject(
        Alert.objects.visible_to,
        _alert,
        in_relationship("rule", number="relationship_id", confidentiality=of_both("interaction__")),
    ),
    "review": Subject(Review.objects.visible_to, _review, in_relationship("relationship__party_name")),
    "proposal": Subject(seen_proposals, at("/proposals/%d/"), in_relationship("title")),
}
