"""Addresses of the sent mail page."""

from django.urls import path

from messaging.views import message_detail, message_list

urlpatterns = [
    path("sent-mail/", message_list, name="sent_mail"),
    path("sent-mail/<int:message_id>/", message_detail, name="sent_message"),
]
