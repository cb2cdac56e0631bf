"""Every address of the API, below `/api/v1/`; each app names its own."""

from django.urls import URLPattern, URLResolver, include, path

from core.rest import reference

urlpatterns: list[URLPattern | URLResolver] = [
    path("", reference.overview, name="api_overview"),
    path("openapi.json", reference.openapi_file, name="openapi_file"),
    path("reference/<slug:tab>/", reference.section, name="api_section"),
    path("", include("relationships.api.urls")),
    path("", include("health.api.urls")),
    path("", include("commerce.api.urls")),
    path("", include("cases.api.urls")),
    path("", include("exchange.api.urls")),
    path("", include("automation.api.urls")),
    path("", include("dashboards.api.urls")),
    path("", include("oversight.api.urls")),
    path("", include("messaging.api.urls")),
    path("", include("accounts.api.urls")),
]
