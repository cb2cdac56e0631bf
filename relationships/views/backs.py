"""Where somebody goes back to after a form: the page that it was opened from, when that is one of ours."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_of(request: HttpRequest, default: str) -> str:
    """The address in `back`, or the default when there is none or it leads elsewhere."""
    asked = request.POST.get("back", "") or request.GET.get("back", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if ours else default
