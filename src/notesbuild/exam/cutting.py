"""From what a run of TeX made to packs: every good block, cut into its pieces."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import pikepdf

from notesbuild.exam.batch import Batch, Finished
from notesbuild.exam.store import Entry, packed
from notesbuild.exam.verdict import Verdict
from notesbuild.pdf.pieces import FontReader, ForeignFont, cut_page
from notesbuild.run.aside import aside


@dataclass(frozen=True)
class Sound:
    """A run whose pages can be told apart, with the verdict on it.

    ``environment`` is what the keys of texts depend on beside the texts.
    """

    batch: Batch
    finished: Finished
    verdict: Verdict
    environment: str


@dataclass(frozen=True)
class Cut:
    """The pack of a run: its content, its entries, and the names of its blocks.

    ``foreign`` are those with fonts that hold letters of the whole run; they need a run alone.
    """

    content: bytes
    entries: tuple[Entry, ...]
    names: tuple[str, ...]
    foreign: tuple[str, ...]


def cut_runs(runs: Sequence[Sound]) -> tuple[Cut, ...]:
    """What was made of each run; all but the last are cut by processes of their own."""
    begun = [aside(partial(_cut, run)) for run in runs[:-1]]
    last = [_cut(run) for run in runs[-1:]]
    return (*(result() for result in begun), *last)


def _cut(run: Sound) -> Cut:
    """Every good block of a run; those without remarks get keys."""
    remarks = {finding.owner for finding in run.verdict.findings}
    entries: list[Entry] = []
    names: list[str] = []
    foreign: list[str] = []
    pdf = io.BytesIO(run.finished.run.pdf or b"")
    with pikepdf.open(pdf) as source, pikepdf.new() as target:
        fonts = FontReader()
        pages = iter(list(source.pages))
        for member in run.batch.members:
            block = run.finished.blocks[member.name]
            own = list(islice(pages, block.pages))
            if member.name in run.verdict.broken:
                continue
            try:
                pieces = tuple(cut_page(page, target, fonts).fonts for page in own)
            except ForeignFont:
                foreign.append(member.name)
                del target.pages[sum(entry.block.pages for entry in entries) :]
                continue
            key = "" if member.name in remarks else member.text.key(run.environment)
            entries.append(Entry(key, block, pieces))
            names.append(member.name)
        content = packed(target, entries)
    return Cut(content, tuple(entries), tuple(names), tuple(foreign))
