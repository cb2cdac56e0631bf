"""Why the launcher does not go on, in one sentence for the person who typed the command."""


class Refusal(Exception):
    """Nothing was destroyed; the message says what is wrong and what to do."""
