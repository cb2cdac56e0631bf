"""How an account is protected beside its password."""

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator

from accounts.models import User


@dataclass
class Proofs:
    """The authenticator app, the passkeys, and how many recovery codes are left."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    has_codes: bool = False
    codes_left: int = 0


def proofs_of(user: User) -> Proofs:
    """The proofs of `user`, oldest passkey first."""
    proofs = Proofs()
    for authenticator in Authenticator.objects.filter(user=user).order_by("created_at", "id"):
        if authenticator.type == Authenticator.Type.TOTP:
            proofs.app = authenticator
        elif authenticator.type == Authenticator.Type.WEBAUTHN:
            proofs.passkeys.append(authenticator)
        else:
            proofs.has_codes = True
            proofs.codes_left = len(authenticator.wrap().get_unused_codes())
    return proofs
