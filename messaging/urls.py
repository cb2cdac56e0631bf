"""Addresses of notifications, of how one is told, and of the pages of mail that went out and came in."""

from django.urls import path
from django.views.generic.base import RedirectView

from messaging.views import notifications, outgoing_mail, received_mail, sent_mail, settings, suppressed

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
    path("outgoing-mail/", outgoing_mail.outgoing_list, name="outgoing_mail"),
    path("outgoing-mail/<int:outgoing_id>/", outgoing_mail.outgoing_detail, name="outgoing_message"),
    path(
        "outgoing-mail/<int:outgoing_id>/withdrawals/",
        outgoing_mail.outgoing_withdrawal,
        name="outgoing_withdrawal",
    ),
    path("suppressed-addresses/", suppressed.suppressed_list, name="suppressed_addresses"),
    path(
        "suppressed-addresses/<int:suppression_id>/lifting/",
        suppressed.lifting,
        name="suppressed_lifting",
    ),
    path("received-mail/", received_mail.received_list, name="received_mail"),
    path("received-mail/<int:mail_id>/", received_mail.received_detail, name="received_message"),
    path("received-mail/<int:mail_id>/readings/", received_mail.received_reading, name="received_reading"),
]
