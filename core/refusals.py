"""What an operation says when it will not do something. Each refusal has one HTTP status and plain words."""

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """A request that is understood and refused; nothing was changed."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Refusal):
    """One or more fields are wrong: `errors` maps a field's name to its messages ("" for the whole)."""

    status = 422

    def __init__(self, errors: Mapping[str, str | Sequence[str]]) -> None:
        self.errors: dict[str, list[str]] = {
            name: [words] if isinstance(words, str) else list(words) for name, words in errors.items()
        }
        super().__init__(" ".join(words for messages in self.errors.values() for words in messages))


class Conflict(Refusal):
    """The state does not allow it: `allowed` lists the moves that are possible, `missing` what is wanting."""

    status = 409

    def __init__(self, message: str, *, allowed: Sequence[str] = (), missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = list(allowed)
        self.missing = list(missing)


class NotAllowed(Refusal):
    """The person may know of the thing but not do this to it."""

    status = 403


class Missing(Refusal):
    """There is no such thing, or none that this person may know of: the two look alike on purpose."""

    status = 404
