"""The addresses of webhooks, rules and web forms."""

from django.urls import path

from automation.views import rules, visitors, web_forms, webhooks

urlpatterns = [
    path("settings/webhooks/", webhooks.webhook_list, name="webhooks"),
    path("settings/webhooks/<int:endpoint_id>/", webhooks.webhook_detail, name="webhook"),
    path("settings/webhooks/<int:endpoint_id>/change/", webhooks.webhook_edit, name="webhook_edit"),
    path("settings/webhooks/<int:endpoint_id>/switch/", webhooks.webhook_switch, name="webhook_switch"),
    path("settings/webhooks/<int:endpoint_id>/removal/", webhooks.webhook_remove, name="webhook_remove"),
    path("settings/webhooks/<int:endpoint_id>/secret/", webhooks.webhook_rotate, name="webhook_rotate"),
    path("settings/webhooks/<int:endpoint_id>/ping/", webhooks.webhook_ping, name="webhook_ping"),
    path("settings/webhooks/<int:endpoint_id>/replay/", webhooks.webhook_replay, name="webhook_replay"),
    path(
        "settings/webhooks/deliveries/<int:delivery_id>/", webhooks.delivery_detail, name="webhook_delivery"
    ),
    path(
        "settings/webhooks/deliveries/<int:delivery_id>/replay/",
        webhooks.delivery_replay,
        name="delivery_replay",
    ),
    path("settings/rules/", rules.rule_list, name="rules"),
    path("settings/rules/new/", rules.rule_new, name="rule_new"),
    path("settings/rules/<int:rule_id>/", rules.rule_detail, name="rule"),
    path("settings/rules/<int:rule_id>/change/", rules.rule_edit, name="rule_edit"),
    path("settings/rules/<int:rule_id>/trial/", rules.rule_trial, name="rule_trial"),
    path("settings/rules/<int:rule_id>/switch/", rules.rule_switch, name="rule_switch"),
    path("settings/forms/", web_forms.form_list, name="web_forms"),
    path("settings/forms/new/", web_forms.form_new, name="web_form_new"),
    path("settings/forms/<int:form_id>/", web_forms.form_detail, name="web_form"),
    path("settings/forms/<int:form_id>/change/", web_forms.form_edit, name="web_form_edit"),
    path("settings/forms/<int:form_id>/switch/", web_forms.form_switch, name="web_form_switch"),
    path("settings/forms/<int:form_id>/sent/<int:sent_id>/", web_forms.sent_settle, name="sent_settle"),
    path("forms/<slug:public_id>/", visitors.visitor_form, name="visitor_form"),
    path("forms/<slug:public_id>/thanks/", visitors.visitor_thanks, name="visitor_thanks"),
]
