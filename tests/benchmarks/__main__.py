"""`make bench`: runs the yard-sticks in rows/, prints each ratio, and writes RESULTS.md. No test asserts on these."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path

from tests.benchmarks.row import Row

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
ALONE = "--alone"
HEAD = """# Measured

Written by `make bench`. Each row is a ratio against a peer, or against the bare limit, measured in the same run:
trust the ratios, not the seconds.

{machine}

| what | ours | against | ratio | bar | holds |
| --- | ---: | ---: | ---: | --- | --- |
"""


def main(wanted: list[str]) -> int:
    """Run the yard-sticks whose file name holds one of `wanted` (all when none is named)."""
    here = machine()
    rows: list[Row] = []
    for row in measured(wanted):
        print(line(row), flush=True)
        rows.append(row)
    if not wanted:
        RESULTS.write_text(HEAD.format(machine=here) + "".join(f"{line(row)}\n" for row in rows))
        print(f"\nWritten: {RESULTS}")
    return sum(not row.holds for row in rows)


def measured(wanted: list[str]) -> Iterator[Row]:
    """Every file's rows, each file in a process of its own: what one loads or leaves running is not the next one's."""
    for path in sorted((HERE / "rows").glob("[a-z]*.py")):
        if not wanted or any(word in path.stem for word in wanted):
            print(f"… {path.stem}", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "tests.benchmarks", ALONE, path.stem]
            told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
            yield from (Row(**row) for row in json.loads(told.splitlines()[-1]))


def alone(name: str) -> None:
    """The rows of one file, as the last line that is printed."""
    rows = import_module(f"tests.benchmarks.rows.{name}").rows()
    print(json.dumps([asdict(row) for row in rows]))


def line(row: Row) -> str:
    cells = (
        row.name,
        f"{number(row.ours)} {row.unit}",
        f"{number(row.peer)} {row.unit}",
        number(row.ratio),
        row.bar,
        "yes" if row.holds else "**no**",
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def machine() -> str:
    today = datetime.now(UTC).date().isoformat()
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("mlflow", "scikit-learn", "ipython"))
    return (
        f"{today} · {platform.system()} {platform.machine()} · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f} "
        f"at the start · Python {platform.python_version()} · {versions}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == [ALONE]:
        alone(sys.argv[2])
    else:
        sys.exit(1 if main(sys.argv[1:]) else 0)
