"""Setting every text once; a broken one breaks nothing but what shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from notesbuild.diagnostics import Code, Outcome, error
from notesbuild.exam.ahead import DUMPS, Ahead, Start, has_blocks, runs_at_once, start_of
from notesbuild.exam.batch import (
    Batch,
    Finished,
    Member,
    Preamble,
    Waiting,
    dumped,
    run_batch,
    styles,
)
from notesbuild.exam.blocks import BlockText
from notesbuild.exam.cutting import Sound, cut_runs
from notesbuild.exam.paper import Exam, preamble
from notesbuild.exam.store import BlockStore, SetBlock
from notesbuild.exam.texerrors import Finding, findings, gave_up, letters_missing, merged
from notesbuild.exam.verdict import Verdict, judge
from notesbuild.run.cluster import Cluster
from notesbuild.run.publish import write_file
from notesbuild.tex.engine import tex_version

Say = Callable[[str], None]
MANY_FORMATS = 6
"""So many formats (some megabytes each) are kept."""

FEW = 12
"""So many texts are not worth a second run of TeX beside the first."""


@dataclass(frozen=True)
class Setting:
    """How TeX is run: limits, processes at once, and the folders that keep blocks and formats.

    With a ``cluster`` its workers run it, which have the preamble's text and no format.
    ``ahead`` has runs that have read the usual preamble already. ``meanwhile`` is called once TeX
    is at work: what only comes later can be loaded then.
    """

    timeout: int
    jobs: int
    epoch: int = 0
    cache: Path | None = None
    formats: Path | None = None
    cluster: Cluster | None = None
    ahead: Ahead | None = None
    meanwhile: Callable[[], None] = lambda: None

    @property
    def hands(self) -> int:
        """How many runs of TeX there are at once."""
        return self.cluster.cores if self.cluster else self.jobs

    @property
    def patience(self) -> float:
        """The seconds after which one text does not come to an end any more."""
        return max(self.timeout / 6, min(10, self.timeout / 2))


@dataclass
class _Result:
    """What has been set so far, and what there was to say."""

    blocks: dict[str, SetBlock] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Typeset:
    """The blocks by name, without those that cannot be set, and the keys of all texts."""

    blocks: dict[str, SetBlock]
    keys: frozenset[str]


@dataclass(frozen=True)
class _Group:
    """Texts that one run can set together."""

    engine: str
    tikz: bool
    width: str


def prepare(exam: Exam, setting: Setting) -> None:
    """Have TeX read the usual preamble while nobody waits for it."""
    _Press(exam, _Group(exam.engine, False, ""), setting, _Result()).make_ready()


def typeset(
    exam: Exam, texts: Mapping[str, BlockText], setting: Setting, say: Say
) -> Outcome[Typeset]:
    """Every text that TeX can set, under the name that it has in ``texts``."""
    result = _Result()
    groups: dict[_Group, list[Member]] = {}
    for name, text in texts.items():
        group = _Group(text.engine, text.tikz, text.width)
        groups.setdefault(group, []).append(Member(name, text))
    for group, members in groups.items():
        _Press(exam, group, setting, result).set(members, say)
    return Outcome(Typeset(result.blocks, frozenset(result.keys)), merged(result.found))


class _Press:
    """Sets the texts of one group."""

    def __init__(self, exam: Exam, group: _Group, setting: Setting, result: _Result) -> None:
        self._exam = exam
        self._group = group
        self._setting = setting
        self._result = result
        self._document = preamble(exam.macros, exam.macros_path, tikz=group.tikz)
        self._environment = self._digest()
        self._store = BlockStore(setting.cache / "blocks" if setting.cache else None)
        self._fallback = exam.blueprint.origin.span()

    def _digest(self) -> str:
        parts = [tex_version(self._group.engine), self._document.text, str(self._setting.epoch)]
        digest = hashlib.sha256("\x00".join(parts).encode())
        for name, content in styles():
            digest.update(name.encode() + hashlib.sha256(content).digest())
        return digest.hexdigest()

    def _format_key(self) -> str:
        """What a format depends on; the day of the exam is none of it."""
        parts = [tex_version(self._group.engine), self._document.text]
        styled = b"".join(content for _, content in styles())
        return hashlib.sha256("\x00".join(parts).encode() + styled).hexdigest()

    def set(self, members: list[Member], say: Say) -> None:
        """Set what was not set before; the same text is set once whatever its names."""
        names: dict[str, list[str]] = {}
        missing: dict[str, Member] = {}
        for member in members:
            key = member.text.key(self._environment)
            names.setdefault(key, []).append(member.name)
            if key not in missing:
                known = self._store.get(key) if len(names[key]) == 1 else None
                if known is not None:
                    self._result.blocks[member.name] = known
                elif len(names[key]) == 1:
                    missing[key] = Member(f"b{len(missing)}", member.text)
        self._result.keys |= names.keys()
        if missing:
            say(f"Setting {len(missing)} of {len(names)} texts")
            keys = {member.name: key for key, member in missing.items()}
            made = self._run(tuple(missing.values()))
            for name, block in made.items():
                self._result.blocks[names[keys[name]][0]] = block
        for own in names.values():
            if own[0] in self._result.blocks:
                self._result.blocks.update((name, self._result.blocks[own[0]]) for name in own)

    # --- runs ---

    def make_ready(self) -> None:
        """Have TeX wait for texts: after the first build few are new."""
        setting = self._setting
        if setting.ahead is not None and setting.cluster is None:
            is_first = setting.cache is None or not has_blocks(setting.cache)
            count = runs_at_once(self._group.engine, setting.jobs) if is_first else 1
            setting.ahead.begin(self._start, count)

    @cached_property
    def _start(self) -> Start:
        setting = self._setting
        engine = self._group.engine
        return start_of(self._document, engine, setting.epoch, setting.timeout)

    def _waiting(self, batch: Batch) -> Waiting | None:
        """TeX that waits for these texts, where that is so."""
        ahead = self._setting.ahead
        if ahead is None or self._setting.cluster is not None or batch.has_long_lines:
            return None
        return ahead.take(self._start)

    def _run(self, members: tuple[Member, ...]) -> dict[str, SetBlock]:
        start = self._preamble()
        if start is None:
            return {}
        return self._set_batches(self._batches(members), start)

    def _set_batches(self, batches: Sequence[Batch], start: Preamble) -> dict[str, SetBlock]:
        with ThreadPoolExecutor(self._setting.hands) as pool:
            begun = [pool.submit(self._once, b, start, self._waiting(b)) for b in batches]
            self._setting.meanwhile()
            runs = [future.result() for future in begun]
        made: dict[str, SetBlock] = {}
        sound: list[Sound] = []
        for batch, finished in zip(batches, runs, strict=True):
            verdict = self._verdict(batch, start, finished)
            if verdict is not None and self._can_be_cut(verdict):
                sound.append(Sound(batch, finished, verdict, self._environment))
            else:
                made |= self._set_again(batch, start, finished, verdict)
        return made | self._cut(sound)

    def _batches(self, members: tuple[Member, ...]) -> list[Batch]:
        # Pieces of lualatex keep the fonts of their run: it must not depend on how many we start.
        most = runs_at_once(self._group.engine, self._setting.hands)
        count = max(1, min(most, len(members) // FEW))
        return [Batch(members[number::count]) for number in range(count)]

    def _preamble(self) -> Preamble | None:
        """The preamble; with TikZ it takes long, and is kept as a format. None: it is broken."""
        folder = self._setting.formats
        if not self._group.tikz or self._group.engine != DUMPS:
            return Preamble(self._document)
        if folder is None or self._setting.cluster is not None:
            return Preamble(self._document)
        path = folder / f"{self._format_key()}.fmt"
        if path.is_file():
            return Preamble(self._document, path)
        run = dumped(self._document, DUMPS, self._setting.timeout)
        document = self._document
        found = findings(document, run, self._fallback)
        if run.pdf is None and not any(finding.is_error for finding in found):
            reason = gave_up(
                run, self._group.engine, "the preamble", self._fallback, self._setting.timeout
            )
            found.append(Finding(reason, None, ""))
        self._result.found += found
        if run.pdf is None or any(finding.is_error for finding in found):
            return None
        known = sorted(folder.glob("*.fmt"))
        for old in known if len(known) > MANY_FORMATS else ():
            old.unlink(missing_ok=True)
        failed = write_file(path, run.pdf, "", durable=False)
        return Preamble(self._document, None if failed else path)

    def _once(self, batch: Batch, start: Preamble, waiting: Waiting | None = None) -> Finished:
        setting = self._setting
        if waiting is not None:
            finished = waiting.set(batch, patience=setting.patience)
            if not finished.never_began:
                return finished
        run = partial(
            run_batch,
            timeout=setting.timeout,
            patience=setting.patience,
            epoch=setting.epoch,
        )
        if setting.cluster is None:
            return run(batch, start)
        return setting.cluster.submit(run, batch, start).result()

    # --- what came out ---

    def _verdict(self, batch: Batch, start: Preamble, finished: Finished) -> Verdict | None:
        """What to think of a run, and what it had to say; None if nobody knows."""
        if start.format_file is not None and finished.never_began:
            return None
        found = findings(finished.document, finished.run, self._fallback)
        found += letters_missing(finished.document, finished.lost)
        verdict = judge(batch, finished, found)
        if verdict is not None:
            self._result.found += verdict.findings
            if verdict.silent is not None:
                self._result.found.append(self._no_reason(verdict.silent, finished))
        return verdict

    def _can_be_cut(self, verdict: Verdict) -> bool:
        """Whether a run holds every good block."""
        return verdict.intact and (not verdict.broken or self._group.engine == DUMPS)

    def _set_again(
        self, batch: Batch, start: Preamble, finished: Finished, verdict: Verdict | None
    ) -> dict[str, SetBlock]:
        """The blocks that a broken text took along, without it."""
        if start.format_file is not None and finished.never_began:
            # The format may be damaged, or another TeX's; without it everything is the same.
            start.format_file.unlink(missing_ok=True)
            return self._set_batches((batch,), Preamble(start.document))
        if verdict is None:
            half = len(batch.members) // 2
            halves = (Batch(batch.members[:half]), Batch(batch.members[half:]))
            return self._set_batches(halves, start)
        others = tuple(m for m in batch.members if m.name not in verdict.broken)
        again = others if verdict.intact else verdict.again
        return self._set_batches(self._batches(again), start) if again else {}

    def _no_reason(self, member: Member, finished: Finished) -> Finding:
        """What to say where TeX gave up without a word."""
        text = member.text
        place = text.document.segments[0].locate(0) if text.document.segments else self._fallback
        what = text.context or "a piece of the page"
        limit = self._setting.patience if finished.run.stuck else self._setting.timeout
        reason = gave_up(finished.run, self._group.engine, what, place, limit)
        if reason.code is Code.PROGRAM_FAILED and finished.last:
            # TeX was killed by the limits on what it may write, or was told to stop.
            message = f"TeX stopped in the middle of {what}"
            hint = "look for a loop that writes without end, or a command that ends the document"
            notes = (finished.run.last_words,) if finished.run.pdf is None else ()
            reason = error(Code.TEX_ERROR, message, place, hint, notes)
        return Finding(reason, None, "")

    def _cut(self, runs: Sequence[Sound]) -> dict[str, SetBlock]:
        """Every good block of these runs; those without remarks are kept."""
        made: dict[str, SetBlock] = {}
        if self._group.engine != DUMPS:
            for run in runs:
                made |= _with_own_fonts(run.batch, run.finished)
            return made
        for run, cut in zip(runs, cut_runs(runs), strict=True):
            made |= zip(cut.names, self._store.put(cut.content, cut.entries), strict=True)
            alone = (member for member in run.batch.members if member.name in cut.foreign)
            made |= ((member.name, self._alone(member, run.finished)) for member in alone)
        return made

    def _alone(self, member: Member, finished: Finished) -> SetBlock:
        batch = Batch((member,))
        start = self._preamble()
        alone = self._once(batch, start) if start and len(finished.blocks) > 1 else finished
        return dict(_with_own_fonts(batch, alone))[member.name]


def _with_own_fonts(batch: Batch, finished: Finished) -> Iterator[tuple[str, SetBlock]]:
    """Blocks whose pages bring the fonts of their run along."""
    first = 0
    for member in batch.members:
        block = finished.blocks[member.name]
        yield member.name, SetBlock(block, finished.run.pdf or b"", None, first)
        first += block.pages
