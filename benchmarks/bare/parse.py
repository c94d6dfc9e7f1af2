"""Bare parsing: pylatexenc reads the body of every problem below a folder, in two processes.

parse.py FOLDER
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from pylatexenc.latexwalker import LatexWalker


def parse(path: Path) -> int:
    nodes, _, _ = LatexWalker(path.read_text("utf-8").split("% ---\n")[-1]).get_latex_nodes()
    return len(nodes)


def main(folder: str) -> None:
    paths = sorted(Path(folder).rglob("*.tex"))
    with multiprocessing.Pool(2) as pool:
        parsed = pool.map(parse, paths, chunksize=32)
    print(len(parsed))


if __name__ == "__main__":
    main(*sys.argv[1:])
