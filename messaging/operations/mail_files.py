"""Which files of a mail are kept back, and why. An archive is looked at by its list of contents, never unpacked."""

import io
import zipfile
from pathlib import PurePosixPath

from core.file_names import PROGRAMS, why_not_taken
from messaging.enums import KeptBack

FILE_LIMIT_BYTES = 25 * 1024 * 1024
MOST_IN_ARCHIVE = 10_000
UNPACKED_LIMIT_BYTES = 1024 * 1024 * 1024
MOST_TIMES = 100
"""How much larger than it is an archive may be unpacked, once that is more than `FEW_BYTES`."""
FEW_BYTES = 10 * 1024 * 1024
ENCRYPTED_FLAG = 0x1
START = 512

ZIP = b"PK\x03\x04"
SEALED_ZIP = (b"PK\x05\x06", b"PK\x07\x08")
TNEF = b"\x78\x9f\x3e\x22"
MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm", "ppam", "xlsb"})
ACTIVE = frozenset({"htm", "html", "xhtml", "shtml", "svg", "svgz", "mht", "mhtml", "xsl"})
ACTIVE_TYPES = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml"})
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
ENCRYPTED_TYPES = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
ENCRYPTED_ENDINGS = frozenset({"pgp", "gpg", "asc", "p7m", "age"})
ARMOUR = b"-----BEGIN PGP MESSAGE-----"
SEVEN_ZIP, RAR = b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"


def why_kept_back(name: str, content_type: str, content: bytes) -> str:
    """A code of `KeptBack`; empty for a file that may be given out."""
    start, ending = content[:START], PurePosixPath(name).suffix.removeprefix(".").lower()
    is_tnef = ending == "tnef" or name.lower() == "winmail.dat" or start.startswith(TNEF)
    reasons = {
        KeptBack.PROGRAM: bool(why_not_taken(name, start)),
        KeptBack.TOO_LARGE: len(content) > FILE_LIMIT_BYTES,
        KeptBack.TNEF: content_type in TNEF_TYPES or is_tnef,
        KeptBack.ENCRYPTED: content_type in ENCRYPTED_TYPES or _is_sealed(ending, start),
        KeptBack.MACROS: ending in MACROS,
        KeptBack.ACTIVE: ending in ACTIVE or content_type in ACTIVE_TYPES,
    }
    if any(reasons.values()):
        return next(reason for reason, holds in reasons.items() if holds)
    return _archive(content) if start.startswith((ZIP, *SEALED_ZIP)) or ending == "zip" else ""


def _is_sealed(ending: str, start: bytes) -> bool:
    """Whether it is encrypted, or an archive of a sort whose contents cannot be listed here."""
    if start.startswith((SEVEN_ZIP, RAR)):
        return True
    if ending == "asc":
        return ARMOUR in start
    return ending in ENCRYPTED_ENDINGS or start.startswith(ARMOUR)


def _archive(content: bytes) -> str:
    """What is wrong with a ZIP file, by what it says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
    except (
        zipfile.BadZipFile,
        NotImplementedError,  # it wants a newer program than there is
        UnicodeDecodeError,
    ):
        return KeptBack.DAMAGED
    if any(each.flag_bits & ENCRYPTED_FLAG for each in found):
        return KeptBack.ENCRYPTED
    unpacked = sum(each.file_size for each in found)
    swells = unpacked > FEW_BYTES and unpacked > MOST_TIMES * len(content)
    if len(found) > MOST_IN_ARCHIVE or unpacked > UNPACKED_LIMIT_BYTES or swells:
        return KeptBack.BOMB
    endings = {PurePosixPath(each.filename).suffix.removeprefix(".").lower() for each in found}
    if endings & (PROGRAMS - {"bin"}):
        return KeptBack.PACKED_PROGRAM
    return KeptBack.MACROS if any(each.filename.endswith("vbaProject.bin") for each in found) else ""
