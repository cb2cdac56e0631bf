"""Addresses of webhooks, rules and web forms in the API."""

from django.urls import URLPattern, path

from automation.api import rules, web_forms, webhooks

urlpatterns: list[URLPattern] = [
    path("automation-rules/", rules.Rules.as_view()),
    path("automation-rules/<int:rule_id>/", rules.OneRule.as_view()),
    path("automation-rules/<int:rule_id>/runs/", rules.Runs.as_view()),
    path("webhooks/", webhooks.Endpoints.as_view()),
    path("webhooks/<int:endpoint_id>/", webhooks.OneEndpoint.as_view()),
    path("webhooks/<int:endpoint_id>/switches/", webhooks.Switches.as_view()),
    path("webhooks/<int:endpoint_id>/rotations/", webhooks.Rotations.as_view()),
    path("webhooks/<int:endpoint_id>/pings/", webhooks.Pings.as_view()),
    path("webhooks/<int:endpoint_id>/replays/", webhooks.Replays.as_view()),
    path("webhooks/<int:endpoint_id>/deliveries/", webhooks.Deliveries.as_view()),
    path("webhook-deliveries/<int:delivery_id>/", webhooks.OneDelivery.as_view()),
    path("webhook-deliveries/<int:delivery_id>/replays/", webhooks.DeliveryReplays.as_view()),
    path("web-forms/", web_forms.WebForms.as_view()),
    path("web-forms/<int:form_id>/", web_forms.OneWebForm.as_view()),
    path("web-forms/<int:form_id>/sent/", web_forms.SentForms.as_view()),
]
