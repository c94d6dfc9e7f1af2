"""Who is to blame where a run of TeX over many texts has failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from notesbuild.exam.batch import Batch, Finished, Member
from notesbuild.exam.texerrors import Finding, is_in_document


@dataclass(frozen=True)
class Verdict:
    """What a run proves: the names of the texts that are broken, and what there is to say.

    ``intact``: every other text can be taken from this run. Otherwise ``again`` are those to be
    set once more. ``silent`` is the broken text about which TeX said nothing, if there is one.
    """

    broken: frozenset[str]
    findings: tuple[Finding, ...]
    intact: bool = False
    again: tuple[Member, ...] = ()
    silent: Member | None = None


def judge(batch: Batch, finished: Finished, found: Sequence[Finding]) -> Verdict | None:
    """The verdict on a run; None if nobody can say which of several texts it was.

    Blocks are groups: an error in one harms no other, unless it leaves a group open or ends the
    run. So everything is certain up to the first block that does.
    """
    names = [member.name for member in batch.members]
    if finished.run.no_room:
        return Verdict(frozenset(names), (), silent=batch.members[0])
    if _ill_prepared(finished):
        return Verdict(frozenset(names), tuple(f for f in found if not f.owner))
    lost = any(finding.is_error and finding.owner not in names for finding in found)
    if len(names) > 1 and (_too_much(finished) or (lost and finished.last)):
        return None
    end = _end(finished, names)
    whole = end is None and finished.sound
    certain = names if whole else names[: names.index(end) + 1] if end else []
    broken = {finding.owner for finding in found if finding.is_error}.intersection(certain)
    broken |= {end} if end else set()
    if lost or (not broken and not whole):
        if len(names) > 1 and finished.last:
            return None
        # TeX did not even begin with a text, or there is but one.
        silent = None if any(finding.is_error for finding in found) else batch.members[0]
        return Verdict(frozenset(names), tuple(found), silent=silent)
    reliable = tuple(finding for finding in found if finding.owner in certain)
    told = {finding.owner for finding in reliable if finding.is_error}
    last = next((member for member in batch.members if member.name == end), None)
    others = tuple(m for m in batch.members if m.name not in broken and not _views_of_one(m, last))
    silent = last if last and last.name not in told else None
    return Verdict(frozenset(broken), reliable, whole, () if whole else others, silent)


def _ill_prepared(finished: Finished) -> bool:
    """Whether there is an error in the preamble, which may be behind those in every block."""
    errors = (error for error in finished.run.errors if is_in_document(error))
    return any(error.line <= finished.head for error in errors)


def _too_much(finished: Finished) -> bool:
    """Whether the time was up although TeX got on."""
    return finished.run.timed_out and not finished.run.stuck


def _end(finished: Finished, names: Sequence[str]) -> str | None:
    """The block behind which nothing can be relied on."""
    end = finished.torn or (finished.last if finished.cut_short else None)
    return end if end in names else None


def _views_of_one(member: Member, other: Member | None) -> bool:
    """Whether two texts are views of one question, which TeX would not survive either."""
    if other is None:
        return False
    problems = [
        m.text.document.segments[0].problem for m in (member, other) if m.text.document.segments
    ]
    return len(problems) == 2 and problems[0] is not None and problems[0] is problems[1]
