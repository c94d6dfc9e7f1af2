"""Proof that a student's text does not depend on any answer.

Every solution, rubric and answer of a question is replaced by another one. If what is set for
students changes with that, something of the answer is in it: a word, a mark, a bold choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from notesbuild.diagnostics import Code, Diagnostic, error
from notesbuild.exam.body import View, for_view
from notesbuild.exam.paper import Copy
from notesbuild.exam.render import Rendered
from notesbuild.render.traced import Edit, Traced
from notesbuild.source.latex import SOLUTIONS, latex_nodes

_OTHER = {
    "choice": "CorrectChoice",
    "CorrectChoice": "choice",
    "correctchoice": "choice",
}


def answers_that_show(copies: Iterable[Copy]) -> Iterator[Diagnostic]:
    """The problems whose text for students would be another if their answer were another."""
    distinct = {id(q.rendered): q.rendered for copy in copies for q in copy.questions}
    for rendered in distinct.values():
        if depends_on_answers(rendered):
            message = f"what students see of {rendered.problem.id} depends on its answer"
            yield error(Code.LEAK, message + rendered.drawn, rendered.problem.span)


def depends_on_answers(rendered: Rendered) -> bool:
    """Whether the text for students changes with the solutions and the correct choices."""
    other = for_view(with_other_answers(rendered.text), View.STUDENT)
    return other.text != rendered.view(View.STUDENT).text


def with_other_answers(body: Traced) -> Traced:
    """The body with other solutions, other rubrics, and other choices that are correct."""
    return body.replaced(_edits(body.text))


def _edits(text: str) -> Iterator[Edit]:
    for node in latex_nodes(text):
        environment = getattr(node, "environmentname", None)
        macro = getattr(node, "macroname", None)
        if (environment in SOLUTIONS or environment == "rubric") and node.nodelist:
            inside = [child for child in node.nodelist if child is not None]
            yield Edit(inside[0].pos, inside[-1].pos + inside[-1].len, _other(environment))
        elif macro in _OTHER:
            yield Edit(node.pos + 1, node.pos + 1 + len(macro), _OTHER[macro])
        elif macro in ("fillin", "answerline"):
            yield from _other_argument(text, node)


def _other(environment: Any) -> str:
    return " \\item[1] something else " if environment == "rubric" else " something else "


def _other_argument(text: str, node: Any) -> Iterator[Edit]:
    start = node.pos + 1 + len(node.macroname)
    rest = text[start:]
    opening = len(rest) - len(rest.lstrip())
    if rest[opening : opening + 1] == "[" and "]" in rest:
        yield Edit(start + opening + 1, start + rest.index("]"), "something else")
