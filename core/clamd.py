"""Asking a ClamAV daemon whether bytes hold a virus, by its INSTREAM command (clamd(8))."""

import socket
import struct
from contextlib import closing
from typing import IO

PIECE = 1 << 16
SECONDS = 60.0
LONGEST_ANSWER = 4_096


class Unreachable(Exception):
    """The daemon is not there, hung up, or could not say; its words are the reason."""


def place_of(setting: str) -> tuple[str, int] | str:
    """(host, port) of `host:port`, or the path of a socket that begins with a slash. Raises ValueError."""
    if setting.startswith("/"):
        return setting
    host, colon, port = setting.rpartition(":")
    if not (host and colon and port.isdecimal() and 0 < int(port) < 65_536):
        raise ValueError(f"{setting!r} is neither host:port nor the path of a socket")
    return host.strip("[]"), int(port)


def virus_in(content: IO[bytes], *, place: str, seconds: float = SECONDS) -> str:
    """The name of the virus that the daemon at `place` finds in `content`, or "". Raises Unreachable."""
    try:
        with closing(_connected(place, seconds)) as line:
            answer = _asked(line, content)
    except (OSError, ValueError) as error:
        raise Unreachable(str(error)) from error
    words = answer.rstrip(b"\0\r\n").decode(errors="replace").removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise Unreachable(words or "it hung up without an answer")


def _connected(place: str, seconds: float) -> socket.socket:
    found = place_of(place)
    if isinstance(found, tuple):
        return socket.create_connection(found, timeout=seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect(found)
    except OSError:
        line.close()
        raise
    return line


def _asked(line: socket.socket, content: IO[bytes]) -> bytes:
    """Sends the content in pieces, each after its length, and gives the answer.

    A daemon that has read enough answers and hangs up before the end: what it said is then read all the same.
    """
    try:
        line.sendall(b"zINSTREAM\0")
        while piece := content.read(PIECE):
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = b""
    while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0") and (piece := line.recv(1_024)):
        answer += piece
    return answer
