"""Which problems the chapters of a course show, in their order."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.course import Course
from notesbuild.model.names import nearest
from notesbuild.model.problem import Bank, Problem, Status, Visibility
from notesbuild.model.project import Chapter, Project
from notesbuild.model.shown import Asked, Option, query_key
from notesbuild.model.where import WhereError, fields, parse_where, select, vocabulary
from notesbuild.source.asked import asked_in
from notesbuild.source.bank import read_bank
from notesbuild.source.files import Files

SORTED_BY = ("difficulty", "id", "kind", "minutes", "points", "title")
DEFAULT_SORT = "difficulty"
ALWAYS, NEVER = "always", "never"

OPTIONS: dict[str, dict[str, str]] = {
    "problem": {
        "title": "Words behind the number; without them there are none.",
        "points": "Show the points.",
        "version": "Which set of parameters to show, as `bank show --version` counts them.",
        "solution": "`always`, `never`, or the day from which on the solution is there.",
    },
    "problems": {
        "where": "Which problems: see {doc}`where`.",
        "sort": f"What to sort by: {', '.join(f'`{name}`' for name in SORTED_BY)}; `-` before "
        f"a name turns the order round, commas stand between several. Default: `{DEFAULT_SORT}`.",
        "limit": "How many problems at most.",
        "points": "Show the points.",
        "solution": "`always`, `never`, or the day from which on the solutions are there.",
    },
}
"""The options of the directives, with the words of the reference."""


@dataclass(frozen=True)
class Placed:
    """A problem in its place: the directive that shows it, and which set of parameters."""

    problem: Problem
    asked: Asked
    version: int | None = None


@dataclass(frozen=True)
class Plan:
    """What the chapters of a course show; ``queries`` lists ids by the key of a query."""

    placed: tuple[Placed, ...] = ()
    queries: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def order(self) -> tuple[tuple[str, str], ...]:
        """Chapter and id of each problem: what numbers depend on."""
        return tuple((one.asked.chapter, one.problem.id) for one in self.placed)


def showable(problem: Problem) -> bool:
    """Whether a chapter may show the problem."""
    open_to_all = problem.metadata.visibility is not Visibility.EXAM
    return open_to_all and problem.metadata.status is Status.READY and problem.body.sound


def asks_the_bank(project: Project, course: Course) -> bool:
    """Whether a chapter of the course shows problems."""
    return any(asked_in(c) for c in project.chapters if c.name in course.chapters)


def with_whole_bank(project: Project, course: Course) -> Project:
    """The project with all problems, where they have numbers: an exam reads those of its lock."""
    if not asks_the_bank(project, course):
        return project
    read = read_bank(Files(project.root), project.settings)
    return replace(project, bank=read.value.bank)


def plan_of_course(project: Project, course: Course) -> Outcome[Plan]:
    """The plan of a course's own chapters."""
    found = (project.chapter(name) for name in dict.fromkeys(course.chapters))
    return plan_of(tuple(chapter for chapter in found if chapter), project.bank)


def plan_of(chapters: tuple[Chapter, ...], bank: Bank) -> Outcome[Plan]:
    """What these chapters show, and everything that is wrong with what they ask for."""
    planner = _Planner(bank)
    asked = [one for chapter in chapters for one in asked_in(chapter)]
    if not asked:
        return Outcome(Plan())
    planner.single = {one.argument for one in asked if one.name == "problem"}
    for one in asked:
        planner.check_options(one)
        if one.name == "problem":
            planner.place_one(one)
        else:
            planner.place_many(one)
    plan = Plan(tuple(planner.placed.values()), tuple(planner.queries.items()))
    return Outcome(plan, tuple(planner.found))


@dataclass
class _Planner:
    bank: Bank
    single: set[str] = field(default_factory=set)
    placed: dict[str, Placed] = field(default_factory=dict)
    queries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    def check_options(self, asked: Asked) -> None:
        """Options that exist, with values that can be read."""
        known = OPTIONS[asked.name]
        for option in asked.options:
            if option.name not in known and option.name != "class":
                message = f"the directive {asked.name} has no option {option.name!r}"
                self._wrong(message, option.span, nearest(option.name, known))
            check = _CHECKS.get(option.name)
            reason = check(option.value) if check else None
            if reason:
                self._wrong(f":{option.name}: {reason}", option.span)

    def place_one(self, asked: Asked) -> None:
        """The problem that a directive names."""
        problem = self.bank.get(asked.argument)
        if problem is None:
            message = f"there is no problem {asked.argument!r}"
            hint = nearest(asked.argument, (p.id for p in self.bank.problems if showable(p)))
            self.found.append(error(Code.UNKNOWN_PROBLEM, message, asked.at, hint))
        elif not showable(problem):
            self.found.append(_hidden(problem, asked.at))
        else:
            version = asked.value("version")
            self._place(problem, asked, int(version) if version.isdecimal() else None)

    def place_many(self, asked: Asked) -> None:
        """The problems that a query finds, without those that a directive names elsewhere."""
        if asked.argument:
            self._wrong("problems has no argument", asked.at, "one problem: {problem} id")
        where = asked.value("where")
        place = (asked.option("where") or Option("", "", asked.span)).span
        try:
            query = parse_where(where or "True", vocabulary(self.bank))
            chosen = select((p for p in self.bank.problems if showable(p)), query)
        except WhereError as fault:
            code = Code.WHERE_UNKNOWN if fault.unknown else Code.WHERE_SYNTAX
            self.found.append(error(code, str(fault), place, fault.hint))
            return
        rest = [problem for problem in chosen if problem.id not in self.single]
        if not rest:
            message = "no problem that may be shown meets the query"
            if chosen:
                message = "a directive of its own shows each problem that meets the query"
            self.found.append(error(Code.NOT_SHOWABLE, message, place))
        limit = asked.value("limit")
        ordered = _sorted(rest, asked.value("sort") or DEFAULT_SORT)
        taken = ordered[: int(limit)] if limit.isdecimal() else ordered
        key = query_key(where, asked.value("sort"), limit)
        self.queries[key] = tuple(problem.id for problem in taken)
        for problem in taken:
            self._place(problem, asked, None)

    def _place(self, problem: Problem, asked: Asked, version: int | None) -> None:
        before = self.placed.get(problem.id)
        if before is None:
            self.placed[problem.id] = Placed(problem, asked, version)
            return
        message = f"the problem {problem.id} is shown twice; it stands at {before.asked.span} too"
        hint = "leave one of them out, or narrow the query"
        self.found.append(error(Code.DUPLICATE_LABEL, message, asked.at, hint))

    def _wrong(self, message: str, place: Span, hint: str | None = None) -> None:
        self.found.append(error(Code.DIRECTIVE_WRONG, message, place, hint))


def _hidden(problem: Problem, place: Span) -> Diagnostic:
    """Why a problem may not be shown, with the place of the reason."""
    data = problem.metadata
    if data.visibility is Visibility.EXAM:
        message = f"{problem.id} is kept for exams: notes cannot show it"
        reason = f"{problem.origin.span('visibility')}: visibility: exam"
        if "visibility" not in data.model_fields_set:
            reason = f"{problem.origin.span()}: a problem without `visibility` is for exams"
    elif data.status is not Status.READY:
        message = f"{problem.id} is not ready: notes cannot show it"
        reason = f"{problem.origin.span('status')}: status: {data.status.value}"
    else:
        message = f"{problem.id} cannot be read: notes cannot show it"
        reason = f"{problem.span}: see what is said of this file"
    return error(Code.NOT_SHOWABLE, message, place, notes=(reason,))


def _sorted(problems: Iterable[Problem], by: str) -> list[Problem]:
    """By the names given, the last one first, so that the first one counts most."""
    ordered = sorted(problems, key=lambda problem: problem.id)
    for name in reversed([part.strip() for part in by.split(",") if part.strip()]):
        key = name.removeprefix("-")
        if key in SORTED_BY:
            ordered.sort(key=lambda p, key=key: fields(p)[key], reverse=name.startswith("-"))  # type: ignore[misc]
    return ordered


def solution_day(asked: Asked) -> datetime.date | str | None:
    """What a directive says of the release of solutions; None: nothing."""
    value = asked.value("solution").strip()
    if value in (ALWAYS, NEVER):
        return value
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _check_solution(value: str) -> str | None:
    if value.strip() in (ALWAYS, NEVER):
        return None
    try:
        datetime.date.fromisoformat(value.strip())
    except ValueError:
        return f"{value!r} is neither `always` nor `never` nor a day such as 2024-05-01"
    return None


def _check_whole(value: str) -> str | None:
    good = value.isdecimal() and len(value) <= 6 and int(value) > 0
    return None if good else f"{value!r} is no whole number from 1 on"


def _check_sort(value: str) -> str | None:
    names = [part.strip().removeprefix("-") for part in value.split(",")]
    unknown = [name for name in names if name not in SORTED_BY]
    return f"{unknown[0]!r} is none of {', '.join(SORTED_BY)}" if unknown else None


def _check_flag(value: str) -> str | None:
    return "takes no value" if value.strip() else None


def _check_words(value: str) -> str | None:
    return None if value.strip() else "needs a value"


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "solution": _check_solution,
    "limit": _check_whole,
    "version": _check_whole,
    "sort": _check_sort,
    "points": _check_flag,
    "title": _check_words,
    "where": _check_words,
}
