r"""The one place where Jinja is set up: authors' templates, and our own.

Authors write ``\VAR{...}``, ``\BLOCK{...}``, ``\#{...}`` and lines that begin with ``%%``;
``{{`` and ``{%`` are plain LaTeX. What their templates may do is in :mod:`.language`. Most
problems have no template at all: for them Jinja is not even loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.problem import Problem
from notesbuild.render.escape import Tex, escape_tex
from notesbuild.render.operands import TemplateFault
from notesbuild.render.parameters import Assignment, ParameterFault, as_diagnostic, resolve
from notesbuild.render.traced import Traced

if TYPE_CHECKING:
    import jinja2

    from notesbuild.render.language import Piece

TEMPLATES = Path(__file__).parent / "templates"

DELIMITERS: dict[str, Any] = {
    "block_start_string": "\\BLOCK{",
    "block_end_string": "}",
    "variable_start_string": "\\VAR{",
    "variable_end_string": "}",
    "comment_start_string": "\\#{",
    "comment_end_string": "}",
    "line_statement_prefix": "%%",
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
}

FILTERS = ("abs", "coefficient", "join", "length", "round", "signed")
TESTS = ("defined", "divisibleby", "even", "odd", "undefined")

_TAG = re.compile(r"\\(?:VAR|BLOCK|#)\{|^[ \t]*%%", re.M)
_STATEMENT = re.compile(r"\\BLOCK\{|^[ \t]*%%", re.M)
_DUNDER = re.compile(r"\{\{[^{}\n]*__[^{}\n]*\}\}")


# --- our own templates -------------------------------------------------------------------


@lru_cache(maxsize=1)
def _house_tex() -> jinja2.Environment:
    """Runs our own TeX templates: whatever is not marked as TeX is escaped."""
    import jinja2

    from notesbuild.render.bytecode import our_templates

    return jinja2.Environment(
        **DELIMITERS,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        bytecode_cache=our_templates(),
        finalize=lambda value: value if isinstance(value, Tex) else escape_tex(str(value)),
    )


@lru_cache(maxsize=1)
def _house_html() -> jinja2.Environment:
    import jinja2

    from notesbuild.render.bytecode import our_templates

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        bytecode_cache=our_templates(),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_tex(name: str, **values: object) -> str:
    """One of our own TeX templates."""
    return _house_tex().get_template(name).render(**values)


def render_html(name: str, **values: object) -> str:
    """One of our own HTML templates."""
    return _house_html().get_template(name).render(**values)


def load_html(name: str) -> None:
    """Load what it takes to render one of our own HTML templates."""
    _house_html().get_template(name)


# --- authors' templates ------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A body's text and its places in the author's files."""

    problem: Problem

    @property
    def text(self) -> str:
        return self.problem.body.text

    def span(self, position: int) -> Span:
        return self.problem.at(position)

    def find(self, line: int, word: str) -> Span:
        """``word`` inside a tag on a line of the template (from 1), or the first tag there."""
        lines = self.text.split("\n")
        number = min(max(line, 1), len(lines)) - 1
        content = lines[number]
        tags = [found.start() + len(found[0]) for found in _TAG.finditer(content)]
        column = tags[0] - len(_TAG.search(content)[0]) if tags else 0  # type: ignore[index]
        if word:
            pattern = re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)")
            starts = [found.start() for found in pattern.finditer(content)]
            inside = [start for start in starts if not tags or start >= tags[0]]
            column = (inside or starts or [column])[0]
        return self.span(sum(len(before) + 1 for before in lines[:number]) + column)

    def diagnose(self, fault: TemplateFault, shown: str = "") -> Diagnostic:
        span = self.find(fault.line, fault.word) if fault.line else self.span(0)
        return error(fault.code, f"{fault}{shown}", span, fault.hint)


@dataclass(frozen=True, eq=False)
class Printed:
    """The text of a body with one set of parameters.

    ``values`` says where in the text each printed value stands, from and to; ``pieces`` leads
    back to the author's positions, and is empty for a body without a template.
    """

    text: str
    values: tuple[tuple[int, int], ...] = ()
    pieces: tuple[Piece, ...] = ()

    def traced(self) -> Traced:
        """The text whose characters know where they come from."""
        if not self.pieces:
            return Traced.written(self.text)
        return Traced.joined(
            Traced.written(piece.text, piece.place)
            if piece.written
            else Traced.stands_for(piece.text, piece.place)
            for piece in self.pieces
        )


def is_template(text: str) -> bool:
    """Whether a body holds any Jinja."""
    return _TAG.search(text) is not None


def is_generated(text: str) -> bool:
    """Whether only rendering tells what a body consists of: it has branches or loops."""
    return _STATEMENT.search(text) is not None


def check_template(problem: Problem) -> tuple[Diagnostic, ...]:
    """What is wrong with a problem's Jinja, found without rendering it."""
    source = _Source(problem)
    foreign = tuple(_foreign_delimiters(source, problem))
    if not is_template(source.text):
        return foreign
    from notesbuild.render.template import faults_of

    beside = frozenset(problem.beside)
    faults = faults_of(source.text, frozenset(problem.metadata.params), beside)
    return (*(source.diagnose(fault) for fault in faults), *foreign)


def render_body(problem: Problem, assignment: Assignment) -> Outcome[Traced | None]:
    """The body with its parameters put in; its characters know their author's positions."""
    found = check_template(problem)
    if found:
        return Outcome(None, found)
    printed = print_body(problem, assignment)
    if printed.value is None:
        return Outcome(None, printed.diagnostics)
    return Outcome(printed.value.traced())


def print_body(problem: Problem, assignment: Assignment) -> Outcome[Printed | None]:
    """The body with its parameters put in; its template must be free of faults."""
    source = _Source(problem)
    try:
        names = resolve(problem.metadata, assignment).names()
        if not is_template(source.text):
            return Outcome(Printed(source.text))
        from notesbuild.render.template import run

        pieces = run(source.text, names)
    except ParameterFault as fault:
        return Outcome(None, (as_diagnostic(fault, problem),))
    except TemplateFault as fault:
        return Outcome(None, (source.diagnose(fault, with_parameters(assignment)),))
    values, position = [], 0
    for piece in pieces:
        if not piece.written:
            values.append((position, position + len(piece.text)))
        position += len(piece.text)
    text = "".join(piece.text for piece in pieces)
    return Outcome(Printed(text, tuple(values), tuple(pieces)))


def with_parameters(assignment: Assignment) -> str:
    """`` (with n = 50, d = 2)``, to stand behind a message; empty without parameters."""
    pairs = ", ".join(f"{name} = {value}" for name, value in assignment)
    return f" (with {pairs})" if pairs else ""


def _foreign_delimiters(source: _Source, problem: Problem) -> Iterator[Diagnostic]:
    """``{{ name }}`` is LaTeX here; where it looks like a template, it is a mistake."""
    if "{{" not in source.text:
        return
    hint = "a problem's Jinja is written \\VAR{...} and \\BLOCK{...}"
    for found in _DUNDER.finditer(source.text):
        message = f"{found[0]} is not a template here, and not LaTeX either"
        yield error(Code.JINJA_FORBIDDEN, message, source.span(found.start()), hint)
    for name in problem.metadata.params:
        for found in re.finditer(rf"\{{\{{\s+{name}\s+\}}\}}", source.text):
            message = f"{found[0]} would print the letters {name}, not the parameter"
            yield error(Code.JINJA_SYNTAX, message, source.span(found.start()), hint)
