"""Addresses of notifications, of how one is told, and of the sent mail page."""

from django.urls import path
from django.views.generic.base import RedirectView

from messaging.views import notifications, sent_mail, settings

urlpatterns = [
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/bell/", notifications.bell, name="notification_bell"),
    path("notifications/reading/", notifications.all_read, name="notifications_read"),
    path("notifications/<int:notification_id>/", notifications.notification_open, name="notification"),
    path("notifications/<int:notification_id>/reading/", notifications.one_read, name="notification_read"),
    path("settings/notifications/", settings.settings_notifications, name="settings_notifications"),
    path("settings/reminders/", RedirectView.as_view(pattern_name="settings_notifications")),
    path("sent-mail/", sent_mail.message_list, name="sent_mail"),
    path("sent-mail/<int:message_id>/", sent_mail.message_detail, name="sent_message"),
]
