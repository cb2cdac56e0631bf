"""Published identifiers that carry their own proof."""

import re

_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")


def is_lei(text: str) -> bool:
    """Whether this is a legal entity identifier with the right check digits.

    ISO 17442: eighteen letters and digits and two check digits; with letters as numbers (A = 10) the whole
    leaves 1 when divided by 97 (ISO/IEC 7064, MOD 97-10).
    """
    return bool(_LEI.fullmatch(text)) and int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1
