"""Bare encoding: a QR code for every line of a file, in two processes.

codes.py FILE [MASK]

Without MASK segno does what it does by default: it tries all eight masks and takes the best one.
With it, the symbols are those of notesbuild.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import segno


def encode(task: tuple[list[str], int | None]) -> int:
    payloads, mask = task
    for payload in payloads:
        if mask is None:
            segno.make(payload, error="m", micro=False)
        else:
            segno.make(payload, error="m", micro=False, mask=mask, boost_error=False)
    return len(payloads)


def main(name: str, mask: str | None = None) -> None:
    payloads = Path(name).read_text("utf-8").splitlines()
    chosen = None if mask is None else int(mask)
    with multiprocessing.Pool(2) as pool:
        done = pool.map(encode, [(payloads[half::2], chosen) for half in range(2)], chunksize=1)
    print(sum(done))


if __name__ == "__main__":
    main(*sys.argv[1:])
