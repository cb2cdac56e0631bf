"""`python -m relman.launcher run`."""

import os
import sys

from relman.launcher.addresses import Address
from relman.launcher.folders import Home
from relman.launcher.refusals import Refusal
from relman.launcher.workspace import Workspace


def main() -> int:
    if sys.argv[1:] != ["run"]:
        print("Usage: python -m relman.launcher run", file=sys.stderr)
        return 2
    demo = (os.environ.get("DEMO") or "1").lower() not in {"0", "false", "no", "off"}
    try:
        return Workspace(Home.from_environment(), Address.from_environment(), demo=demo).run()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
