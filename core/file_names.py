"""What a file that comes from outside may be called, and which files are not taken at all."""

import mimetypes
import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

LONGEST_NAME = 200
LONGEST_ENDING = 20
RESERVED = set('<>:"|?*')  # in the names of files on one system or another

PROGRAMS = frozenset(
    {
        "app",
        "apk",
        "appx",
        "bat",
        "bin",
        "cmd",
        "com",
        "command",
        "cpl",
        "deb",
        "desktop",
        "dll",
        "dmg",
        "elf",
        "exe",
        "gadget",
        "hta",
        "inf",
        "ipa",
        "jar",
        "js",
        "jse",
        "ksh",
        "lnk",
        "mjs",
        "msc",
        "msi",
        "msix",
        "msp",
        "mst",
        "ocx",
        "pif",
        "pkg",
        "ps1",
        "psd1",
        "psm1",
        "reg",
        "rpm",
        "run",
        "scf",
        "scr",
        "sct",
        "sh",
        "shb",
        "shs",
        "so",
        "sys",
        "url",
        "vb",
        "vbe",
        "vbs",
        "vxd",
        "wasm",
        "ws",
        "wsc",
        "wsf",
        "wsh",
        "xll",
    }
)  # fmt: skip
"""Endings of files that a click starts."""

STARTS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\x00asm",
    b"#!",
)
"""How programs of Linux and macOS, Java classes, WebAssembly and scripts begin, whatever they are called."""

PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
WEBP = (b"RIFF", b"WEBP")
PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that hold no programs, unlike SVG; how they begin."""

WINDOWS_HEAD = 64
TYPES = mimetypes.MimeTypes()
UNKNOWN_TYPE = "application/octet-stream"


def clean_name(given: str) -> str:
    """The name alone, without folders, invisible characters and what no file may be called; may be empty.

    A long one is cut before its ending. Characters that turn the direction of writing go, for they make
    “exe.fdp” look like “pdf.exe” or the other way round.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        "_" if letter in RESERVED else letter
        for letter in unicodedata.normalize("NFC", last)
        if unicodedata.category(letter)[0] != "C"
    )
    name = " ".join(plain.split()).strip(". ")
    ending = PurePosixPath(name).suffix
    if len(ending) > LONGEST_ENDING:
        ending = ""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)].rstrip() + ending


def why_not_taken(name: str, start: bytes) -> str:
    """Why a file of this name that begins so is refused; empty when it is taken."""
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    if ending in PROGRAMS:
        return _("Programs are not taken, and “.%(ending)s” is one.") % {"ending": ending}
    windows = start.startswith(b"MZ") and b"\x00" in start[:WINDOWS_HEAD]
    if windows or start.startswith(STARTS):
        return _("Programs are not taken, and this is one, whatever its name says.")
    return ""


def type_by_name(name: str) -> str:
    """The media type that the name's ending stands for; what is inside is never asked."""
    return TYPES.guess_type(name)[0] or UNKNOWN_TYPE


def picture_type(start: bytes) -> str:
    """The media type of a picture that begins so and is safe to show; empty for anything else."""
    if start.startswith(WEBP[0]) and start[8:12] == WEBP[1]:
        return "image/webp"
    return next((kind for head, kind in PICTURES if start.startswith(head)), "")
