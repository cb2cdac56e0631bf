"""Addresses of notifications, of mail to people outside and of mail that came in, in the API."""

from django.urls import URLPattern, path

from messaging.api import notifications, outgoing_mail, preferences, received_mail

urlpatterns: list[URLPattern] = [
    path("notifications/", notifications.Notifications.as_view()),
    path("notifications/preferences/", preferences.Preferences.as_view()),
    path("notifications/unread/", notifications.Unread.as_view()),
    path("notifications/readings/", notifications.Readings.as_view()),
    path("outgoing-mails/", outgoing_mail.OutgoingMails.as_view()),
    path("outgoing-mails/<int:outgoing_id>/", outgoing_mail.OneOutgoing.as_view()),
    path("outgoing-mails/<int:outgoing_id>/withdrawals/", outgoing_mail.Withdrawals.as_view()),
    path("suppressed-addresses/", outgoing_mail.SuppressedAddresses.as_view()),
    path("suppressed-addresses/<int:suppression_id>/", outgoing_mail.OneSuppressed.as_view()),
    path("received-mail/", received_mail.ReceivedMail.as_view()),
    path("received-mail/<int:mail_id>/", received_mail.OneReceived.as_view()),
    path("received-mail/<int:mail_id>/readings/", received_mail.Readings.as_view()),
]
