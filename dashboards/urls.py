"""The addresses of the overviews."""

from django.urls import path

from dashboards.views import my_day, standing

urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("day/health/", my_day.health_dropped, name="health_dropped"),
    path("dashboards/", standing.dashboard, name="dashboard"),
]
