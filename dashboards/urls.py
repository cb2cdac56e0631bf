"""The addresses of My day."""

from django.urls import path

from dashboards import views

urlpatterns = [
    path("", views.my_day, name="my_day"),
    path("day/health/", views.health_dropped, name="health_dropped"),
]
