"""The product's addresses and the reference's."""

from django.urls import include, path

from benchmarks import views

urlpatterns = [
    path("benchmarks/empty/", views.empty, name="benchmark_empty"),
    path("benchmarks/api/", views.EmptyCall.as_view(), name="benchmark_api"),
    path("benchmarks/create/", views.create, name="benchmark_create"),
    path("benchmarks/<slug:name>/", views.plain, name="benchmark_plain"),
    path("", include("relman.urls")),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
