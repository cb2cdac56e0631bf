"""The comparable form of a name, so that two spellings of one name meet."""

import unicodedata


def name_key(text: str) -> str:
    """Casefolded, without accents, whitespace collapsed to single spaces: `" Ána  RUIZ "` gives `"ana
    ruiz"`.

    Letters that Unicode does not decompose (ø, ł, đ) stay as they are. Equal keys mean "worth offering",
    never "the same person".
    """
    if text.isascii():  # as most are: none of its letters has a part to take off
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFKC", bare.casefold()).split())
