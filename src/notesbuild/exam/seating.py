"""Who gets which version, so that neighbours have different ones; and the order of seats.

Rows and places count by their number or letter. A pattern of versions that is known to be
free of clashes is laid over every room; then versions are exchanged along chains until each
is used equally often. Only where the roster asks for versions that clash with the pattern
does a solver find the fewest clashes.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, note, warning
from notesbuild.model.dates import plural
from notesbuild.model.names import nearest
from notesbuild.model.roster import Roster, Seat, Student, natural_key, seat_from
from notesbuild.render.parameters import keyed

BESIDE = ((0, 1), (1, 0))
DIAGONAL = ((1, 1), (1, -1))
ENOUGH_FOR_DIAGONALS = 4

Assignment = tuple[tuple[str, str], ...]
"""Pairs of a student's ID and a version, in the order of the roster."""

Edges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Spot:
    """A place in a room; sections that use the same seats sit in rooms of their own."""

    room: tuple[object, ...]
    row: int
    place: int


def assign_versions(
    roster: Roster, versions: tuple[str, ...], seed: int
) -> Outcome[Assignment | None]:
    """A version for every student; those that the roster gives are kept.

    Neighbours in a row, and in the same place of neighbouring rows, get different versions,
    with four versions or more diagonal neighbours too; where that cannot be, clashes are as few
    as possible, and told. Versions are used equally often, as far as that allows.
    """
    students = roster.students
    unknown = tuple(_unknown_versions(roster, versions))
    if unknown:
        return Outcome(None, unknown)
    given = [versions.index(s.version) if s.version else None for s in students]
    spots = _spots(students)
    beside = _edges(spots, BESIDE)
    chosen = _pattern(students, spots, given, len(versions), seed)
    diagonal = _edges(spots, DIAGONAL) if len(versions) >= ENOUGH_FOR_DIAGONALS else ()
    chosen = _mend(chosen, given, beside, diagonal, len(versions))
    _balance(chosen, given, (*beside, *diagonal), len(versions), students, seed)
    assigned = tuple((s.id, versions[v]) for s, v in zip(students, chosen, strict=True))
    return Outcome(assigned, tuple(_clashes(roster, chosen, given, beside, versions)))


def seat_order(students: Iterable[Student]) -> tuple[Student, ...]:
    """The students from seat to seat; those without one come last, by name and ID."""

    def key(student: Student) -> tuple[object, ...]:
        who = (natural_key(student.name), natural_key(student.id))
        if not student.seat:
            return (1, *who)
        seat = seat_from(student.seat)
        where = (0, seat) if seat is not None else (1, natural_key(student.seat))
        return (0, natural_key(student.section or ""), *where, *who)

    return tuple(sorted(students, key=key))


def _unknown_versions(roster: Roster, versions: tuple[str, ...]) -> Iterator[Diagnostic]:
    for student, span in zip(roster.students, roster.spans("version"), strict=True):
        if student.version and student.version not in versions:
            message = f"there is no version {student.version!r} for student {student.id}"
            yield error(Code.ROSTER_WRONG, message, span, nearest(student.version, versions))


# --- Neighbours -----------------------------------------------------------------------


def _spots(students: Sequence[Student]) -> list[Spot | None]:
    seats = [seat_from(s.seat) if s.seat else None for s in students]
    uses = Counter(seat for seat in seats if seat is not None)
    apart = any(number > 1 for number in uses.values())
    return [
        _spot(seat, (s.section or "") if apart else "") if seat is not None else None
        for s, seat in zip(students, seats, strict=True)
    ]


def _spot(seat: Seat, room: str) -> Spot:
    return Spot((room, seat.part), seat.row, seat.place)


def _edges(spots: Sequence[Spot | None], steps: Iterable[tuple[int, int]]) -> Edges:
    """Pairs of students whose places are one of the steps (rows, places) apart."""
    at = {spot: number for number, spot in enumerate(spots) if spot is not None}
    found = []
    for spot, number in at.items():
        for rows, places in steps:
            other = at.get(Spot(spot.room, spot.row + rows, spot.place + places))
            if other is not None:
                found.append((number, other))
    return tuple(found)


def _neighbours(size: int, edges: Edges) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(size)]
    for one, other in edges:
        found[one].append(other)
        found[other].append(one)
    return found


# --- Versions -------------------------------------------------------------------------


def _pattern(
    students: Sequence[Student],
    spots: Sequence[Spot | None],
    given: Sequence[int | None],
    count: int,
    seed: int,
) -> list[int]:
    """The pattern ``place + step * row``; a step of two keeps diagonals apart as well.

    Steps to a neighbour are 1 and 2, diagonal ones 1 and 3: with four versions or more none of
    them is a multiple of their number, with two or three a step of one does for neighbours.
    """
    step = 2 if count >= ENOUGH_FOR_DIAGONALS else 1
    order = sorted(range(count), key=lambda version: keyed(seed, "version", version))
    offsets = _offsets(spots, given, order, step, seed)
    chosen = [-1] * len(students)
    for number, spot in enumerate(spots):
        own = given[number]
        if own is not None:
            chosen[number] = own
        elif spot is not None:
            chosen[number] = order[(spot.place + step * spot.row + offsets[spot.room]) % count]
    uses = Counter(chosen)
    without = [number for number, version in enumerate(chosen) if version < 0]
    for number in sorted(without, key=lambda n: keyed(seed, "student", students[n].id)):
        chosen[number] = min(order, key=lambda version: (uses[version], order.index(version)))
        uses[chosen[number]] += 1
    return chosen


def _offsets(
    spots: Sequence[Spot | None],
    given: Sequence[int | None],
    order: Sequence[int],
    step: int,
    seed: int,
) -> dict[tuple[object, ...], int]:
    """Where the pattern begins in each room: where it agrees with most given versions."""
    count = len(order)
    agreed: Counter[tuple[tuple[object, ...], int]] = Counter()
    for spot, version in zip(spots, given, strict=True):
        if spot is not None and version is not None:
            offset = (order.index(version) - spot.place - step * spot.row) % count
            agreed[spot.room, offset] += 1
    rooms = dict.fromkeys(spot.room for spot in spots if spot is not None)
    return {
        room: max(range(count), key=lambda at: (agreed[room, at], keyed(seed, "room", room, at)))
        for room in rooms
    }


def _mend(
    chosen: list[int],
    given: Sequence[int | None],
    beside: Edges,
    diagonal: Edges,
    count: int,
) -> list[int]:
    """As few clashes as can be; the solver is asked only where single changes leave some."""
    size = len(chosen)
    near, far = _neighbours(size, beside), _neighbours(size, diagonal)
    _change_one_by_one(chosen, given, near, far, count)
    avoidable = any(
        chosen[a] == chosen[b] and (given[a] is None or given[b] is None) for a, b in beside
    )
    if count == 1 or not avoidable:
        return chosen
    from notesbuild.exam.clashes import fewest_clashes  # noqa: PLC0415 (loads the solver)

    solved = fewest_clashes(chosen, given, beside, count)
    _change_one_by_one(solved, given, near, far, count)
    return solved


def _change_one_by_one(
    chosen: list[int],
    given: Sequence[int | None],
    near: list[list[int]],
    far: list[list[int]],
    count: int,
) -> None:
    """Change versions as long as that leaves fewer clashes beside, or else diagonal ones."""
    waiting = deque(range(len(chosen)))
    while waiting:
        number = waiting.popleft()
        own = chosen[number]
        if given[number] is not None or not (near[number] or far[number]):
            continue
        beside = Counter(chosen[other] for other in near[number])
        around = Counter(chosen[other] for other in far[number])
        if not beside[own] and not around[own]:
            continue
        best = min(range(count), key=lambda v: (beside[v], around[v], v != own, v))
        if best != own:
            chosen[number] = best
            waiting += (*near[number], *far[number])


def _balance(
    chosen: list[int],
    given: Sequence[int | None],
    edges: Edges,
    count: int,
    students: Sequence[Student],
    seed: int,
) -> None:
    """Exchange two versions along chains of neighbours, as long as that evens their use.

    Within a chain every neighbour with one of the two versions is reached, so no clash arises.
    """
    neighbours = _neighbours(len(chosen), edges)
    by_chance = sorted(range(len(chosen)), key=lambda n: keyed(seed, "balance", students[n].id))
    while True:
        uses = Counter(chosen)
        ranked = sorted(range(count), key=lambda version: (uses[version], version))
        pairs = ((often, rarely) for often in reversed(ranked) for rarely in ranked)
        wide = [(a, b) for a, b in pairs if uses[a] - uses[b] > 1]
        if not any(_exchange(chosen, given, neighbours, by_chance, pair, uses) for pair in wide):
            return


def _exchange(
    chosen: list[int],
    given: Sequence[int | None],
    neighbours: list[list[int]],
    by_chance: Sequence[int],
    pair: tuple[int, int],
    uses: Counter[int],
) -> bool:
    """Exchange the versions of one chain with more of the first than of the second, if any."""
    often, rarely = pair
    seen: set[int] = set()
    for start in by_chance:
        if chosen[start] != often or start in seen:
            continue
        chain = _chain(start, chosen, neighbours, pair)
        seen.update(chain)
        surplus = sum(1 if chosen[n] == often else -1 for n in chain)
        free = all(given[n] is None for n in chain)
        if free and 0 < surplus < uses[often] - uses[rarely]:
            for n in chain:
                chosen[n] = rarely if chosen[n] == often else often
            return True
    return False


def _chain(
    start: int, chosen: Sequence[int], neighbours: list[list[int]], pair: tuple[int, int]
) -> list[int]:
    chain, waiting = [start], [start]
    seen = {start}
    while waiting:
        for other in neighbours[waiting.pop()]:
            if other not in seen and chosen[other] in pair:
                seen.add(other)
                chain.append(other)
                waiting.append(other)
    return chain


# --- What to say ----------------------------------------------------------------------


def _clashes(
    roster: Roster,
    chosen: Sequence[int],
    given: Sequence[int | None],
    beside: Edges,
    versions: tuple[str, ...],
) -> Iterator[Diagnostic]:
    found = [(a, b) for a, b in beside if chosen[a] == chosen[b]]
    if not found:
        return
    pairs = plural(len(found), "pair")
    place = Span(roster.origin.path)
    if len(versions) == 1:
        yield note(Code.SEATS_CLASH, f"{pairs} of neighbours have the one version there is", place)
        return
    spans = roster.spans("seat")
    shown = [_pair(roster, pair, spans, versions[chosen[pair[0]]]) for pair in found[:5]]
    more = [f"and {len(found) - 5} more"] if len(found) > 5 else []
    asked = any(version is not None for version in given)
    hint = "the roster asks for versions that clash; empty some cells of `version`"
    message = f"{pairs} of neighbours have the same version"
    yield warning(Code.SEATS_CLASH, message, place, hint if asked else None, notes=(*shown, *more))


def _pair(roster: Roster, pair: tuple[int, int], spans: tuple[Span, ...], version: str) -> str:
    one, other = (roster.students[n] for n in pair)
    return f"{one.id} ({one.seat}) and {other.id} ({other.seat}): {version} ({spans[pair[0]]})"
