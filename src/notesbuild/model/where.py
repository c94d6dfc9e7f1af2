"""The query language of ``where``: a Python-like expression over the fields of a problem."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from simpleeval import EvalWithCompoundTypes, InvalidExpression

from notesbuild.model.names import nearest
from notesbuild.model.problem import Bank, Kind, Problem, Status, Visibility

_FUNCTIONS = {"len": len, "any": any, "all": all, "min": min, "max": max}


class WhereError(ValueError):
    """A query that cannot be read or evaluated; ``hint`` may name what was meant."""

    def __init__(self, message: str, hint: str | None = None, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.unknown = unknown


def fields(problem: Problem) -> dict[str, Any]:
    """What a query may ask about a problem, by name."""
    data = problem.metadata
    return {
        "id": problem.id,
        "title": data.title,
        "kind": data.kind.value,
        "topics": list(data.topics),
        "tags": list(data.tags),
        "difficulty": data.difficulty,
        "points": problem.points,
        "minutes": data.minutes,
        "uses": list(data.uses),
        "visibility": data.visibility.value,
        "status": data.status.value,
        "source": data.source or "",
        "parametric": bool(data.params),
    }


FIELDS = (
    "id",
    "title",
    "kind",
    "topics",
    "tags",
    "difficulty",
    "points",
    "minutes",
    "uses",
    "visibility",
    "status",
    "source",
    "parametric",
)


def vocabulary(bank: Bank) -> dict[str, frozenset[str]]:
    """The strings that each text field takes somewhere in the bank, or could take."""
    problems = bank.problems
    return {
        "id": frozenset(p.id for p in problems),
        "kind": frozenset(k.value for k in Kind),
        "topics": frozenset(bank.topics),
        "tags": frozenset(bank.tags),
        "uses": frozenset(label for p in problems for label in p.metadata.uses),
        "visibility": frozenset(v.value for v in Visibility),
        "status": frozenset(s.value for s in Status),
    }


@dataclass(frozen=True)
class Where:
    """A query that was parsed; ask it with :meth:`matches`."""

    text: str
    tree: ast.expr

    @cached_property
    def _evaluator(self) -> Any:
        # Making one takes longer than asking it.
        return EvalWithCompoundTypes(functions=_FUNCTIONS)

    def matches(self, problem: Problem) -> bool:
        """Whether the problem meets the query.

        Raises:
            WhereError: the expression fails on this problem's values.
        """
        evaluator = self._evaluator
        evaluator.names = fields(problem)
        try:
            return bool(evaluator.eval(self.text, previously_parsed=self.tree))
        except (InvalidExpression, TypeError, ValueError, ArithmeticError, LookupError) as fault:
            raise WhereError(f"{self.text!r} cannot be evaluated: {fault}") from fault


def parse_where(text: str, words: Mapping[str, frozenset[str]] | None = None) -> Where:
    """Parse a query; with ``words`` (see :func:`vocabulary`) its strings are checked too.

    Raises:
        WhereError: a syntax error, an unknown field, or a string that no problem has.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        reason = fault.msg if isinstance(fault, SyntaxError) else str(fault)
        raise WhereError(f"{text!r} is not an expression: {reason}") from fault
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    known = {*FIELDS, *_FUNCTIONS, *bound}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            raise WhereError(f"{text!r} uses a dot; queries know fields and comparisons only")
        if isinstance(node, ast.Name) and node.id not in known:
            hint = nearest(node.id, FIELDS)
            raise WhereError(f"there is no field {node.id!r}", hint, unknown=True)
        if words is not None and isinstance(node, ast.Compare):
            _check_words(node, words)
    return Where(text.strip(), tree)


def select(problems: Iterable[Problem], where: Where) -> tuple[Problem, ...]:
    """The problems that meet the query, in their order."""
    return tuple(p for p in problems if where.matches(p))


def _check_words(node: ast.Compare, words: Mapping[str, frozenset[str]]) -> None:
    sides = [node.left, *node.comparators]
    for name in (s.id for s in sides if isinstance(s, ast.Name) and s.id in words):
        for word in (w for side in sides for w in _strings(side)):
            if word not in words[name]:
                hint = nearest(word, words[name])
                raise WhereError(f"no problem has {word!r} in {name}", hint, unknown=True)


def _strings(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return tuple(s for item in node.elts for s in _strings(item))
    return ()
