"""Bare splitting: every PDF is cut into files of as many pages each, one process for each PDF.

    split.py PAGES FOLDER PDF...

Writes ``<number>.pdf`` into FOLDER/<name of the PDF>/.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import pikepdf


def split(task: tuple[Path, Path, int]) -> None:
    source, folder, pages = task
    folder.mkdir(parents=True, exist_ok=True)
    with pikepdf.open(source) as whole:
        for number, start in enumerate(range(0, len(whole.pages), pages)):
            with pikepdf.new() as copy:
                copy.pages.extend(whole.pages[start : start + pages])
                copy.save(folder / f"{number}.pdf")


def main(pages: str, folder: str, *sources: str) -> None:
    tasks = [(Path(s), Path(folder) / Path(s).stem, int(pages)) for s in sources]
    with multiprocessing.Pool(len(tasks)) as pool:
        pool.map(split, tasks, chunksize=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
