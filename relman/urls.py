"""Every address of the product; each app names its own."""

from django.urls import URLPattern, URLResolver, path

from relman.readiness import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
