"""The addresses of the kernel's pages. A kind's list and records stand directly under its slug."""

from django.urls import path, register_converter

from relationships import kinds
from relationships.views import lists


class KindConverter:
    """The slug of a registered kind; anything else is no address of ours."""

    regex = "[a-z_]+"

    def to_python(self, value: str) -> str:
        """The slug itself; raises ValueError, which makes the address not match."""
        if value not in kinds.registry:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """The slug as it stands in the address."""
        return value


register_converter(KindConverter, "kind")

urlpatterns = [
    path("<kind:kind>/", lists.relationship_list, name="relationship_list"),
    path("<kind:kind>/follow-ups/", lists.bulk_follow_up, name="bulk_follow_up"),
    path("<kind:kind>/assignments/", lists.bulk_assign, name="bulk_assign"),
]
