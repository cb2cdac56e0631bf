"""Who acts when no person does."""

from accounts.models import User


def system_actor() -> User:
    """The system itself, as the actor of timers and imports. Made by `ensure_workspace`."""
    return User.objects.get(is_system=True)
