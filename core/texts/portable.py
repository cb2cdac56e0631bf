"""The text of a PDF, as far as it holds letters and not pictures of them."""

import logging
from collections.abc import Iterator
from typing import IO

from core.texts.office import Locked


def portable(content: IO[bytes]) -> Iterator[str]:
    """The text, page by page; one that asks for no password though it is encrypted is read all the same."""
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415  loaded for PDFs alone

    logging.disable()  # what it finds odd in a file is nobody's concern here
    reader = PdfReader(content)
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise Locked
    for page in reader.pages:
        yield page.extract_text()
