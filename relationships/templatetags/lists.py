"""The tags of lists: their rows and the next step, which stand on a page dozens of times."""

from django import template

from relationships.ui.list_rows import list_rows, next_step

register = template.Library()
register.simple_tag(list_rows, name="list_rows")
register.simple_tag(next_step, name="next_step")
