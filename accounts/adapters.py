"""How sign-in behaves here: nobody signs themselves up, each step is audited, secrets are kept sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.operations.sessions import end_every_session
from core.languages import spoken_to
from core.sealing import sealed, unsealed

SEALED_FOR = "mfa"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's adapter with self-registration closed and an audit entry for every step."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address and the password do not belong together."),
        "incorrect_password": _("That is not your password."),
        "too_many_login_attempts": _("Too many wrong passwords. Wait five minutes and try again."),
        "rate_limited": _("That was too often. Wait a minute and try again."),
        "incorrect_code": _("That code is not right. Codes change every 30 seconds."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account begins with an invitation."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail: on our own address, whatever host the request came for."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return str(settings.BASE_URL) + path.replace("UID-KEY", key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to where the change began."""
        return reverse("settings_security")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The sign-in is audited; nobody needs a message that they are in."""
        self._audit("signed_in", user.pk)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, filed under whose address it was, if anybody's."""
        tried = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()).first()
        self._audit("sign_in_failed", None, subject_id=tried.pk if tried else None)

    def logout(self, request: HttpRequest) -> None:
        """The way out is audited too."""
        if request.user.is_authenticated:
            self._audit("signed_out", request.user.pk)
        super().logout(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Allauth's mails are written while somebody waits: in the receiver's language where they chose one."""
        receiver = context.get("user")
        if isinstance(receiver, User) and receiver.language:
            with spoken_to(receiver.language, receiver.time_zone):
                super().send_mail(template_prefix, email, context)
        else:
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """allauth tells of every change to how an account is protected: audit it, then write to its owner.

        A new password signs every other browser out.
        """
        verb = template_prefix.rpartition("/")[2]
        self._audit(verb, user.pk, subject_id=user.pk)
        if verb.startswith("password_"):
            end_every_session(user=user, but=self.request.session.session_key or "")
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def _audit(self, verb: str, actor_id: int | None, subject_id: int | None = None) -> None:
        record_audit(
            actor_id=actor_id,
            verb=verb,
            now=timezone.now(),
            subject_type="user" if subject_id else "",
            subject_id=subject_id,
            ip=self.get_client_ip(self.request),
        )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps the secrets of authenticator apps and recovery codes sealed with the workspace's secret key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right. Codes change every 30 seconds."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed text, for the database."""
        return sealed(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself."""
        return unsealed(encrypted_text, SEALED_FOR)


def client_ip(request: HttpRequest) -> str | None:
    """Where a request came from, behind as many proxies as `TRUSTED_PROXY_COUNT` says; one answer for all."""
    found: str | None = get_client_ip(request)
    return found


def address_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The address of an attempt to sign in, in one spelling: what a lock-out counts by."""
    return str((credentials or {}).get("email", "")).strip().lower()
