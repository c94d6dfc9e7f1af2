"""Rules about proofs: each result has one, and none rests on itself or on what comes later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from notesbuild.check.pool import Leaning, Pool, place_of, pool_of
from notesbuild.diagnostics import Code, Diagnostic, Span, error, note, warning
from notesbuild.model.project import Project
from notesbuild.source.outline import PROVED_KINDS, Outline, Result

# What may point forward: it asks or remarks, and nothing rests on it.
_FREE_KINDS = frozenset({"remark", "observation", "example", "exercise", "notation"})


@dataclass(frozen=True)
class _Edge:
    """The proof of one result refers to another one at ``span``."""

    to: str
    span: Span


def not_circular(project: Project) -> Iterator[Diagnostic]:
    """No proof rests, through the proofs of what it refers to, on its own result."""
    pool = pool_of(project)
    edges = _edges(pool)
    for component in _circles(edges):
        cycle = _shortest(edges, component)
        steps = [
            f"{label} ({place_of(_edge(edges, label, following).span)})"
            for label, following in pairwise(cycle)
        ]
        first = _edge(edges, cycle[0], cycle[1])
        message = f"the proofs go in a circle: {' → '.join([*steps, cycle[0]])}"
        others = sorted(component - set(cycle))
        notes = (f"further results in circles with these: {', '.join(others)}",) if others else ()
        yield error(Code.PROOF_CIRCULAR, message, first.span, notes=notes)


def not_forward(project: Project) -> Iterator[Diagnostic]:
    """A proof rests on what comes before it, in each edition; a statement does so, too."""
    pool = pool_of(project)
    for chapter in pool.outlines:
        for leaning in pool.leanings(chapter):
            spot = pool.result(leaning.reference.label)
            if spot is None or _is_free(leaning):
                continue
            target = spot.mark.span
            if spot.chapter == chapter:
                if target.line > leaning.reference.span.line:
                    yield _forward(leaning, target, ())
                continue
            both = [c for c in project.courses if {chapter, spot.chapter} <= set(c.chapters)]
            late = [
                course.name
                for course in both
                if course.chapters.index(spot.chapter) > course.chapters.index(chapter)
            ]
            if late:
                yield _forward(leaning, target, late if len(project.courses) > 1 else ())


def proved(project: Project) -> Iterator[Diagnostic]:
    """Theorems, lemmas, propositions and corollaries have a proof, or say where it is."""
    pool = pool_of(project)
    named = {proof.of for outline in pool.outlines.values() for proof in outline.proofs}
    for outline in pool.outlines.values():
        shown = _with_proof(outline)
        for number, result in enumerate(outline.results):
            if result.kind not in PROVED_KINDS or result.elsewhere or number in shown:
                continue
            if result.label and result.label in named:
                continue
            name = f"the {result.kind} {result.label}".rstrip()
            title = f" ({result.title})" if result.title else ""
            yield warning(Code.PROOF_MISSING, f"{name}{title} has no proof", result.span)


def _is_free(leaning: Leaning) -> bool:
    if leaning.proof is not None:
        return False
    return leaning.result is None or leaning.result.kind in _FREE_KINDS


def _forward(leaning: Leaning, target: Span, courses: Iterable[str]) -> Diagnostic:
    label = leaning.reference.label
    message = f"{leaning.words} leans on {label}, which comes later ({place_of(target)})"
    names = ", ".join(courses)
    if names:
        message += f" in {names}"
    if leaning.proof is None:
        message = message.replace(" leans on ", " refers to ", 1)
        return note(Code.PROOF_FORWARD, message, leaning.reference.span)
    return warning(Code.PROOF_FORWARD, message, leaning.reference.span)


def _with_proof(outline: Outline) -> frozenset[int]:
    """The results that proofs without a name of their own belong to."""
    return frozenset(p.result for p in outline.proofs if not p.of and p.result is not None)


# --- circles -----------------------------------------------------------------------------


def _edges(pool: Pool) -> Mapping[str, tuple[_Edge, ...]]:
    """What the proof of each result refers to, each result once."""
    found: dict[str, dict[str, _Edge]] = {}
    for chapter in pool.outlines:
        for leaning in pool.leanings(chapter):
            label = leaning.reference.label
            if leaning.proof is not None and _key(leaning.result) and pool.result(label):
                own = found.setdefault(_key(leaning.result), {})
                own.setdefault(label, _Edge(label, leaning.reference.span))
    # A proof may name its own result: "we prove Theorem 2".
    return {
        label: tuple(edge for edge in edges.values() if edge.to != label)
        for label, edges in found.items()
    }


def _key(result: Result | None) -> str:
    return result.label if result is not None else ""


def _edge(edges: Mapping[str, tuple[_Edge, ...]], start: str, end: str) -> _Edge:
    return next(edge for edge in edges[start] if edge.to == end)


def _circles(edges: Mapping[str, tuple[_Edge, ...]]) -> list[frozenset[str]]:
    """The sets of results that rest on each other, in order of labels."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(edges):
        _postorder(start, {k: [e.to for e in v] for k, v in edges.items()}, seen, order)
    back: dict[str, list[str]] = {}
    for label, outgoing in edges.items():
        for edge in outgoing:
            back.setdefault(edge.to, []).append(label)
    components: list[frozenset[str]] = []
    seen = set()
    for label in reversed(order):
        members: list[str] = []
        _postorder(label, back, seen, members)
        if len(members) > 1:
            components.append(frozenset(members))
    return sorted(components, key=min)


def _postorder(
    start: str, following: Mapping[str, list[str]], seen: set[str], order: list[str]
) -> None:
    """Add whatever can be reached to ``order``, each after what follows it."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, iter(following.get(start, ())))]
    while stack:
        label, rest = stack[-1]
        for other in rest:
            if other not in seen:
                seen.add(other)
                stack.append((other, iter(following.get(other, ()))))
                break
        else:
            order.append(label)
            stack.pop()


def _shortest(edges: Mapping[str, tuple[_Edge, ...]], members: frozenset[str]) -> list[str]:
    """A shortest circle among results that rest on each other, from its first label on."""
    best: list[str] = []
    for start in sorted(members):
        came: dict[str, str] = {}
        queue = [start]
        for label in queue:
            for edge in edges.get(label, ()):
                if edge.to in members and edge.to not in came:
                    came[edge.to] = label
                    queue.append(edge.to)
        path = [start]
        while len(path) == 1 or path[-1] != start:
            path.append(came[path[-1]])
        if not best or len(path) < len(best):
            best = path[::-1]
    return best
