"""What health asks people: how they judge, what they decide, what they expect."""

from health.forms.overrides import OverrideForm

__all__ = ["OverrideForm"]
