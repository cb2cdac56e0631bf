"""Every address of the API, below `/api/v1/`; each app names its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("relationships.api.urls")),
    path("", include("health.api.urls")),
    path("", include("commerce.api.urls")),
    path("", include("exchange.api.urls")),
    path("", include("dashboards.api.urls")),
    path("", include("accounts.api.urls")),
]
