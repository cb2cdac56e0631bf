from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core import checks

        from messaging.checks import check_mail_server, check_sender

        checks.register(check_mail_server)
        checks.register(check_sender)
