"""The embedded Valkey: broker and cache of one home, reached by a unix socket and a password."""

import contextlib
import hashlib
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from relman.launcher import programs
from relman.launcher.folders import Home, give, write_private
from relman.launcher.processes import name_of

NAME = "valkey"
TITLE = "Valkey"

END_SIGNALS = (signal.SIGTERM,)
"""Queued tasks are in the append-only file, which is written out before the server ends."""


def data(home: Home) -> Path:
    return home.servers / "valkey"


def url(home: Home) -> str:
    return f"unix://:{_password(home)}@{quote(str(_socket(home)))}?db=0"


def version(home: Home) -> str:
    """Such as `9.1.2`."""
    printed = subprocess.run(
        [programs.valkey(home.account), "--version"], capture_output=True, text=True, check=True
    )
    return printed.stdout.split("v=")[1].split()[0]


def prepare(home: Home, *, durable: bool) -> None:
    """Make the data folder the first time, and the settings every time."""
    password = _password(home)
    if not data(home).exists():
        give(data(home), home.account)
    settings = {
        "port": "0",
        "unixsocket": _quoted(_socket(home)),
        "unixsocketperm": "700",
        "user": f"default on #{hashlib.sha256(password.encode()).hexdigest()} ~* &* +@all",
        "dir": _quoted(data(home)),
        "pidfile": _quoted(data(home) / "valkey.pid"),
        "daemonize": "no",
        "set-proc-title": "no",
        "appendonly": "yes",
        "appendfsync": "everysec" if durable else "no",
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    words = "".join(f"{name} {value}\n" for name, value in settings.items())
    write_private(data(home) / "valkey.conf", words, home.account)


def command(home: Home) -> list[str]:
    return [str(programs.valkey(home.account)), str(data(home) / "valkey.conf")]


def environment(home: Home) -> dict[str, str]:
    """Nothing beyond what every server gets."""
    return {}


def is_ready(home: Home, pid: int) -> bool:
    """Whether the server answers PING to the password: not before its file is read back."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        link.connect(str(_socket(home)))
        link.sendall(f"AUTH {_password(home)}\r\nPING\r\n".encode())
        answer = b""
        while answer.count(b"\r\n") < 2:
            received = link.recv(256)
            if not received:
                return False
            answer += received
        return answer == b"+OK\r\n+PONG\r\n"
    return False


def orphan(home: Home) -> int | None:
    """The number of a server of this home that outlived its keeper."""
    with contextlib.suppress(OSError, ValueError):
        pid = int((data(home) / "valkey.pid").read_text())
        return pid if name_of(pid) == "valkey-server" else None
    return None


def complaint(words: str) -> str:
    """The line of the log that says why the server did not start."""
    lines = [line.split(" # ")[1].strip() for line in words.splitlines() if " # " in line]
    return lines[-1] if lines else ""


def provision(home: Home) -> None:
    """Nothing to make: keys come with use."""


def _password(home: Home) -> str:
    return home.secret("valkey-password", data=data(home))


def _socket(home: Home) -> Path:
    return home.sockets / "valkey.sock"


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
