"""`python -m core.texts SORT MEMORY SECONDS`, the file as standard input: writes `{"text", "reason"}` as JSON."""

import json
import resource
import sys

from core.texts.taking import taken


def main() -> None:
    """Bounds itself first: address space, processor time, and no file may be written."""
    sort, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    limits = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0))
    for what, most in limits:
        resource.setrlimit(what, (most, most))
    text, reason = taken(sort, sys.stdin.buffer)
    sys.stdout.write(json.dumps({"text": text, "reason": reason}))


if __name__ == "__main__":
    main()
