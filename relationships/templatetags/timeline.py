"""The tags of the timeline: its lines of talk, which stand on a page dozens of times."""

from django import template

from relationships.ui.talk_lines import talk_head, talk_line

register = template.Library()
register.simple_tag(talk_head)
register.simple_tag(talk_line)
