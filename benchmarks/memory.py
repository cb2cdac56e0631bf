"""How much memory processes take, shared pages counted in shares (PSS)."""

from pathlib import Path


def pss_megabytes(session: int) -> float:
    """All processes of a session together."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[3]) == session:
                lines = (entry / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ValueError, IndexError):
            continue  # it ended while it was looked at
    return total / 1024
