"""The versions of an exam with their questions: each distinct question is rendered once."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error, has_errors
from notesbuild.exam.citations import resolve_rendered
from notesbuild.exam.memory import Memory, told
from notesbuild.exam.paper import Copy, Question
from notesbuild.exam.render import Rendered, render
from notesbuild.model.exam import Lock, LockedItem, LockedVersion
from notesbuild.model.problem import Problem
from notesbuild.model.project import Project
from notesbuild.model.results import ResultNumbers
from notesbuild.render.parameters import Assignment
from notesbuild.run.aside import Helper

Task = tuple[Problem, Assignment, LockedItem]
"""A problem, its parameters, and the item of a lock that asks for it."""

_CALL = re.compile(r"[a-z]\(")
_CALL_IN_TEXT = re.compile(r"\\(?:VAR|BLOCK)\{[^{}\n]*[a-z]\(")


def copies_of(
    project: Project,
    lock: Lock,
    numbers: ResultNumbers | None,
    memory: Memory,
    helper: Helper | None = None,
) -> tuple[tuple[Copy, ...], tuple[Diagnostic, ...]]:
    """Every version with its questions; what several versions share is rendered once.

    A ``helper`` renders what has much to compute.
    """
    renderer = _Renderer(project.bank.by_id(), numbers, memory)
    if helper is not None:
        renderer.share(lock, helper)
    found: list[Diagnostic] = []
    copies = []
    for index, version in enumerate(lock.versions):
        questions = []
        for number, item in enumerate(version.items, start=1):
            rendered = renderer.render(version, item, _place(lock, index, number))
            found += rendered.diagnostics
            if rendered.value is not None:
                questions.append(Question(number, item.section, item.points, rendered.value))
        complete = len(questions) == len(version.items)
        copies.append(Copy(version, tuple(questions), complete))
    return tuple(copies), tuple(dict.fromkeys(found))


class _Renderer:
    """Renders every problem with its parameters and orders of choices once."""

    def __init__(
        self, problems: dict[str, Problem], numbers: ResultNumbers | None, memory: Memory
    ) -> None:
        self._problems = problems
        self._numbers = numbers
        self._memory = memory
        self._known: dict[object, Outcome[Rendered | None]] = {}

    def render(
        self, version: LockedVersion, item: LockedItem, place: Span
    ) -> Outcome[Rendered | None]:
        """The problem as the version has it."""
        problem = self._problems.get(item.problem)
        if problem is None:
            message = f"version {version.version} needs {item.problem}, which cannot be read"
            return Outcome(None, (error(Code.UNKNOWN_PROBLEM, message, place),))
        assignment = _assignment(problem, item)
        key = (item.problem, repr(assignment), item.choices)
        if key not in self._known:
            self._known[key] = self._cited(self._new(problem, assignment, item, place))
        return self._known[key]

    def share(self, lock: Lock, helper: Helper) -> None:
        """Have the helper render what has much to compute, and render the rest meanwhile."""
        heavy: dict[object, Task] = {}
        light = []
        for index, version in enumerate(lock.versions):
            for number, item in enumerate(version.items, start=1):
                problem = self._problems.get(item.problem)
                if problem is None or not _has_much_to_compute(problem):
                    light.append((version, item, _place(lock, index, number)))
                elif self._memory.rendered(problem, _assignment(problem, item), item) is None:
                    heavy[item.problem, repr(item.params), item.choices] = (
                        *(problem, _assignment(problem, item), item),
                    )
        tasks = tuple(heavy.values())
        if not tasks:
            return
        told = helper.begin(partial(render_told, tasks))
        for one in light:
            self.render(*one)
        answers = told()
        helper.close()  # it has loaded much that nobody needs from here on
        for task, words in zip(tasks, answers, strict=True):
            if words is not None:
                self._memory.learn(*task, words)

    def _new(
        self, problem: Problem, assignment: Assignment, item: LockedItem, place: Span
    ) -> Outcome[Rendered | None]:
        known = self._memory.rendered(problem, assignment, item)
        if known is not None:
            return Outcome(known)
        rendered = render(problem, assignment, item.choices, place)
        if rendered.value is not None and not rendered.diagnostics:
            self._memory.keep(rendered.value, item)
        return rendered

    def _cited(self, rendered: Outcome[Rendered | None]) -> Outcome[Rendered | None]:
        if rendered.value is None or self._numbers is None:
            return rendered
        cited = resolve_rendered(rendered.value, self._numbers)
        value = None if has_errors(cited.diagnostics) else cited.value
        return Outcome(value, (*rendered.diagnostics, *cited.diagnostics))


def render_told(tasks: tuple[Task, ...]) -> list[list[Any] | None]:
    """Problems as a memory keeps them; None where there is anything to complain about."""
    return [_render_told(*task) for task in tasks]


def _render_told(problem: Problem, assignment: Assignment, item: LockedItem) -> list[Any] | None:
    rendered = render(problem, assignment, item.choices)
    return told(rendered.value) if rendered.value and not rendered.diagnostics else None


def _has_much_to_compute(problem: Problem) -> bool:
    """Whether a parameter, the answer or the text calls a function, such as a root."""
    metadata = problem.metadata
    if not metadata.params:
        return False
    formulas = [parameter.value or "" for parameter in metadata.params.values()]
    called = any(_CALL.search(formula) for formula in (*formulas, metadata.answer or ""))
    return called or _CALL_IN_TEXT.search(problem.body.text) is not None


def _assignment(problem: Problem, item: LockedItem) -> Assignment:
    names = (name for name in problem.metadata.params if name in item.params)
    return tuple((name, item.params[name]) for name in names)


def _place(lock: Lock, version: int, number: int) -> Span:
    """Where the lock asks for a version's question (from 1)."""
    return lock.origin.span("versions", version, "items", number - 1, "problem")
