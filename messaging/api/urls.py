"""Addresses of notifications in the API."""

from django.urls import URLPattern, path

from messaging.api import notifications, preferences

urlpatterns: list[URLPattern] = [
    path("notifications/", notifications.Notifications.as_view()),
    path("notifications/preferences/", preferences.Preferences.as_view()),
    path("notifications/unread/", notifications.Unread.as_view()),
    path("notifications/readings/", notifications.Readings.as_view()),
]
