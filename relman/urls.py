"""Every address of the product; each app names its own."""

from django.urls import URLPattern, URLResolver, include, path

from relman.readiness import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/", include("relman.api")),
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("messaging.urls")),
    path("", include("exchange.urls")),
    path("", include("oversight.urls")),
    path("", include("automation.urls")),
    path("", include("dashboards.urls")),
    path("", include("cases.urls")),
    path("", include("relationships.urls")),
    path("", include("health.urls")),  # after the kernel's, whose addresses it continues
    path("", include("commerce.urls")),  # after the kernel's too
]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
