"""Times of notesbuild, each beside the bare parts of the same work, measured in one run.

A ratio says how much notesbuild adds to what cannot be avoided. Each time is the best of
several, because whatever else the machine does can only make it longer. On a machine that is busy
all the same, ratios say little; then a line on standard error says so.

    bench.py                 everything; takes about twenty minutes
    bench.py --quick         smaller work, fewer times
    bench.py --only midterm  one group; may be given again

`make bench ARGS="--quick"` passes options on.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from measure import Failed, Row

# The module of each group, loaded when it is measured: some need more than notesbuild itself.
GROUPS: Mapping[str, str] = {
    "commands": "commands",
    "midterm": "midterm",
    "copies": "copies",
    "bank": "bank",
    "notes": "reading",
}
LINE = "{:47} {:>8}  {:50} {:>8} {:>7}  {:>9} {}"


def line_of(row: Row) -> str:
    """A row as the table prints it."""
    line = LINE.format(
        row.name,
        f"{row.seconds:.2f}",
        row.bare_name,
        "" if row.bare_seconds is None else f"{row.bare_seconds:.2f}",
        "" if row.ratio is None else f"{row.ratio:.2f}",
        row.target.words(),
        {True: "met", False: "missed", None: ""}[row.met],
    ).rstrip()
    return f"{line}\n    {row.remark}" if row.remark else line


def warn_if_busy() -> None:
    """Say so where other programs want more than half a core, by the average of five minutes."""
    load = os.getloadavg()[1]
    if load > 0.5:
        print(f"The machine is busy (load {load:.1f}): ratios say little.", file=sys.stderr)


def measure(names: list[str], quick: bool) -> bool:
    """Print the table; whether everything could be measured."""
    whole = True
    print(LINE.format("", "seconds", "beside", "seconds", "ratio", "target", "").rstrip())
    for name in names:
        try:
            with tempfile.TemporaryDirectory(prefix="notesbuild-bench-") as folder:
                rows: Callable[[Path, bool], Iterator[Row]]
                rows = importlib.import_module(GROUPS[name]).rows
                for row in rows(Path(folder), quick):
                    print(line_of(row), flush=True)
        except Failed as fault:
            whole = False
            print(f"{name}: {fault}", file=sys.stderr, flush=True)
    return whole


def main() -> int:
    """Read the command line; 1 where something could not be measured."""
    parser = argparse.ArgumentParser(description="Measure notesbuild against bare work.")
    parser.add_argument("--only", action="append", choices=tuple(GROUPS), help="one group")
    parser.add_argument("--quick", action="store_true", help="smaller work, fewer times")
    options = parser.parse_args()
    warn_if_busy()
    return 0 if measure(options.only or list(GROUPS), options.quick) else 1


if __name__ == "__main__":
    sys.exit(main())
