"""The forms at the door: sign-in and its proofs, the first administrator, an accepted invitation."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import country_field, currency_field, time_zone_field


def _relabel(form: forms.Form, **labels: Any) -> None:
    """Gives fields our words and drops placeholders: each field has a visible label."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]
            field.help_text = ""


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Address and password; the way to a new password stands below the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, login=_("E-mail address"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "autofocus": True}


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, email=_("E-mail address"))


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    """A new password behind the link of the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, password1=_("New password"), password2=_("New password again"))
        self.fields["password1"].help_text = PASSWORD_RULE


class PasswordChangeForm(ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """A new password for somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("New password again"),
        )
        self.fields["password1"].help_text = PASSWORD_RULE


class ConfirmPasswordForm(ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The password once more, before a security setting changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, password=_("Password"))


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The second proof at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, code=_("Code of your authenticator app, or a recovery code"))
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "text"}


class ConfirmCodeForm(ReauthenticateByCodeForm):  # type: ignore[misc]  # allauth ships no types
    """A code once more, before a security setting changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, code=_("Code of your authenticator app, or a recovery code"))


class AuthenticatorAppForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The first code of a newly paired app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, code=_("Six-digit code that the app shows"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A new passkey. It signs in alone unless its owner says that it is only a second proof."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self, name=_("Name of this passkey"), passwordless=_("Sign in with it alone"))
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "Asks for your fingerprint, face or PIN. Without it the key is a second proof after the password."
        )


PASSWORD_RULE = _("At least 12 characters. A few unrelated words are easy to keep in mind.")


class PasswordField(forms.CharField):
    """A password that is being chosen; spaces at its ends belong to it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        kwargs.setdefault("help_text", PASSWORD_RULE)
        super().__init__(widget=widget, strip=False, **kwargs)


class SetupForm(forms.Form):
    """The first administrator and the workspace that they run."""

    workspace_name = forms.CharField(
        label=_("Name of your company or business unit"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    country = country_field()
    currency = currency_field()
    time_zone = time_zone_field()
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = PasswordField(label=_("Password"))


class AcceptInvitationForm(forms.Form):
    """What an invited person adds to what the invitation says."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = time_zone_field()
    password = PasswordField(label=_("Password"))
