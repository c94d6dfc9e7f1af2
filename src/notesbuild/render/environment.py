r"""The one place where Jinja is set up: authors' templates, and our own.

Authors write ``\VAR{...}``, ``\BLOCK{...}``, ``\#{...}`` and lines that begin with ``%%``;
``{{`` and ``{%`` are plain LaTeX. What their templates may do is in :mod:`.language`.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes

from notesbuild.diagnostics import Code, Diagnostic, Outcome, Span, error
from notesbuild.model.names import nearest
from notesbuild.model.problem import Problem
from notesbuild.render.escape import Tex, escape_tex
from notesbuild.render.language import EXPRESSIONS, STATEMENTS, Interpreter
from notesbuild.render.operands import LOOP_FIELDS, TemplateFault
from notesbuild.render.parameters import Assignment, ParameterFault, as_diagnostic, resolve
from notesbuild.render.traced import Traced

TEMPLATES = Path(__file__).parent / "templates"

_DELIMITERS: dict[str, Any] = {
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
    "undefined": jinja2.StrictUndefined,
    "autoescape": False,
}

FILTERS = ("abs", "join", "length", "round")
TESTS = ("defined", "divisibleby", "even", "odd", "undefined")

_TAG = re.compile(r"\\(?:VAR|BLOCK|#)\{|^[ \t]*%%", re.M)
# Jinja would take the minus of \VAR{-n} for a command to strip white space, and print n.
_SIGN = re.compile(r"\\VAR\{(?=[-+])")
_DUNDER = re.compile(r"\{\{[^{}\n]*__[^{}\n]*\}\}")


@lru_cache(maxsize=1)
def _author() -> jinja2.Environment:
    """Reads authors' templates; it never runs them."""
    return jinja2.Environment(**_DELIMITERS)


@lru_cache(maxsize=1)
def _house_tex() -> jinja2.Environment:
    """Runs our own TeX templates: whatever is not marked as TeX is escaped."""
    return jinja2.Environment(
        **_DELIMITERS,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        finalize=lambda value: value if isinstance(value, Tex) else escape_tex(str(value)),
    )


@lru_cache(maxsize=1)
def _house_html() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
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


@dataclass(frozen=True)
class _Source:
    """A body's text and its place in the author's file."""

    text: str
    path: str
    line: int

    def span(self, position: int) -> Span:
        before = self.text[: max(position, 0)]
        return Span(self.path, self.line + before.count("\n"), len(before) - before.rfind("\n"))

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
        return Span(self.path, self.line + number, column + 1)

    def diagnose(self, fault: TemplateFault, hint: str | None = None) -> Diagnostic:
        span = self.find(fault.line, fault.word)
        return error(fault.code, str(fault), span, fault.hint or hint)


@dataclass(frozen=True, eq=False)
class _Template:
    tree: nodes.Template
    positions: dict[int, int]


def check_template(problem: Problem) -> tuple[Diagnostic, ...]:
    """What is wrong with a problem's Jinja, found without rendering it."""
    source = _source(problem)
    parsed = _parse(source)
    foreign = tuple(_foreign_delimiters(source, problem))
    if parsed.value is None:
        return (*parsed.diagnostics, *foreign)
    known = frozenset(problem.metadata.params)
    faults = _Checker(known | _assigned(parsed.value.tree)).faults(parsed.value.tree)
    return (*(source.diagnose(fault) for fault in faults), *foreign)


def render_body(problem: Problem, assignment: Assignment) -> Outcome[Traced | None]:
    """The body with its parameters put in; its characters know their author's positions."""
    found = check_template(problem)
    if found:
        return Outcome(None, found)
    source = _source(problem)
    template = _parse(source).value
    assert template is not None
    shown = with_parameters(assignment)
    try:
        names = resolve(problem.metadata, assignment).names()
        interpreter = Interpreter(names, lambda node: template.positions.get(id(node), -1))
        return Outcome(Traced.joined(interpreter.run(template.tree)))
    except ParameterFault as fault:
        return Outcome(None, (as_diagnostic(fault, problem),))
    except TemplateFault as fault:
        diagnostic = source.diagnose(fault)
        message = f"{fault}{shown}"
        return Outcome(None, (error(fault.code, message, diagnostic.span, fault.hint),))


def with_parameters(assignment: Assignment) -> str:
    """`` (with n = 50, d = 2)``, to stand behind a message; empty without parameters."""
    pairs = ", ".join(f"{name} = {value}" for name, value in assignment)
    return f" (with {pairs})" if pairs else ""


def _source(problem: Problem) -> _Source:
    return _Source(problem.body.text, problem.origin.path, problem.body.line)


def _parse(source: _Source) -> Outcome[_Template | None]:
    text = _SIGN.sub(r"\g<0> ", source.text)
    added = [found.end() + n for n, found in enumerate(_SIGN.finditer(source.text))]
    try:
        tree = _author().parse(text)
        return Outcome(_Template(tree, _positions(text, tree, added)))
    except jinja2.TemplateSyntaxError as fault:
        reason = (fault.message or "it cannot be read").rstrip(".")
        fault_span = source.find(fault.lineno, "")
        hint = None
        if source.text.split("\n")[fault.lineno - 1].lstrip().startswith("%%"):
            hint = "a line that begins with %% is Jinja; a comment begins with one %"
        return Outcome(None, (error(Code.JINJA_SYNTAX, reason, fault_span, hint),))
    except RecursionError:
        message = "the template is nested too deeply"
        return Outcome(None, (error(Code.JINJA_SYNTAX, message, source.span(0)),))


def _positions(text: str, tree: nodes.Template, added: list[int]) -> dict[int, int]:
    """Where each piece of text and each printed expression begins.

    The lexer's tokens, one after another, are the text itself (but for white space that a
    tag takes away), and come in the order of the nodes. ``added`` are the characters of the
    text that its author did not write.
    """
    data: list[int] = []
    tags: list[int] = []
    position = 0
    for _, kind, value in _author().lex(text):
        if not value:
            continue
        position = text.index(value, position)
        written = position - bisect.bisect_left(added, position)
        if kind == "data":
            data.append(written)
        elif kind == "variable_begin":
            tags.append(written)
        position += len(value)
    found: dict[int, int] = {}
    texts, expressions = iter(data), iter(tags)
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            queue = texts if isinstance(node, nodes.TemplateData) else expressions
            found[id(node)] = next(queue, -1)
    return found


def _assigned(tree: nodes.Template) -> frozenset[str]:
    return frozenset(n.name for n in tree.find_all(nodes.Name) if n.ctx == "store")


def _foreign_delimiters(source: _Source, problem: Problem) -> Iterator[Diagnostic]:
    """``{{ name }}`` is LaTeX here; where it looks like a template, it is a mistake."""
    hint = "a problem's Jinja is written \\VAR{...} and \\BLOCK{...}"
    for found in _DUNDER.finditer(source.text):
        message = f"{found[0]} is not a template here, and not LaTeX either"
        yield error(Code.JINJA_FORBIDDEN, message, source.span(found.start()), hint)
    for name in problem.metadata.params:
        for found in re.finditer(rf"\{{\{{\s+{name}\s+\}}\}}", source.text):
            message = f"{found[0]} would print the letters {name}, not the parameter"
            yield error(Code.JINJA_SYNTAX, message, source.span(found.start()), hint)


@dataclass(frozen=True)
class _Checker:
    """Everything in a tree that the language does not have."""

    known: frozenset[str]

    def faults(self, node: nodes.Node, in_loop: bool = False) -> Iterator[TemplateFault]:
        if not isinstance(node, _KNOWN_NODES):
            yield _forbidden(_words_for(node), node)
            return
        rule = _RULES.get(type(node))
        problem = rule(node) if rule else None
        if problem is not None:
            yield problem
            return
        if isinstance(node, nodes.Name):
            yield from self._undefined(node, in_loop)
        for child in _evaluated_children(node):
            inside = in_loop or (isinstance(node, nodes.For) and child in node.body)
            yield from self.faults(child, inside)

    def _undefined(self, node: nodes.Name, in_loop: bool) -> Iterator[TemplateFault]:
        if node.ctx == "load" and node.name not in self.known | ({"loop"} if in_loop else set()):
            message = f"there is no parameter {node.name!r}"
            hint = nearest(node.name, self.known)
            yield TemplateFault(Code.JINJA_UNDEFINED, message, node.lineno, node.name, hint)


_KNOWN_NODES: tuple[type[nodes.Node], ...] = (
    *STATEMENTS,
    *EXPRESSIONS,
    nodes.Template,
    nodes.TemplateData,
    nodes.Operand,
)


def _evaluated_children(node: nodes.Node) -> Iterator[nodes.Node]:
    """Without names that are no values: the callee, and what ``is defined`` asks about."""
    for child in node.iter_child_nodes():
        callee = isinstance(node, nodes.Call) and child is node.node
        asked = isinstance(node, nodes.Test) and node.name in ("defined", "undefined")
        if not callee and not asked:
            yield child


def _forbidden(what: str, node: nodes.Node, word: str = "") -> TemplateFault:
    return TemplateFault(Code.JINJA_FORBIDDEN, f"{what} is not allowed", node.lineno, word)


def _attribute(node: Any) -> TemplateFault | None:
    owner = node.node
    if isinstance(owner, nodes.Name) and owner.name == "loop" and node.attr in LOOP_FIELDS:
        return None
    return _forbidden(f"the attribute .{node.attr}", node)


def _call(node: Any) -> TemplateFault | None:
    named = isinstance(node.node, nodes.Name)
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    if named and node.node.name == "range" and plain and 1 <= len(node.args) <= 3:
        return None
    name = node.node.name if named else ""
    return _forbidden(f"a call of {name or 'this'}", node, name)


def _item(node: Any) -> TemplateFault | None:
    if isinstance(node.arg, nodes.Const) and not isinstance(node.arg.value, int):
        return _forbidden(f"the item [{node.arg.value!r}]", node)
    return None


def _test(node: Any) -> TemplateFault | None:
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    wanted = 1 if node.name == "divisibleby" else 0
    if node.name not in TESTS or not plain or len(node.args) != wanted:
        return _forbidden(f"the test `{node.name}`", node, node.name)
    if node.name in ("defined", "undefined") and not isinstance(node.node, nodes.Name):
        return _forbidden(f"`is {node.name}` of anything but a name", node, node.name)
    return None


def _filter(node: Any) -> TemplateFault | None:
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    most = 1 if node.name in ("join", "round") else 0
    if node.name in FILTERS and plain and node.node is not None and len(node.args) <= most:
        return None
    return _forbidden(f"the filter `{node.name}`", node, node.name)


def _target(node: Any) -> TemplateFault | None:
    names = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
    if not all(isinstance(name, nodes.Name) for name in names):
        return _forbidden("this target of an assignment", node)
    return None


def _power(node: Any) -> TemplateFault | None:
    """Jinja reads -n**2 as (-n)**2 and 2**3**2 as (2**3)**2; mathematics does not."""
    if isinstance(node.left, (nodes.Neg, nodes.Pos, nodes.Pow)):
        fault = _forbidden("** behind a sign or another power", node)
        fault.hint = "write -(n**2), 2**(3**2), or give the value a name under `params`"
        return fault
    return None


def _loop(node: Any) -> TemplateFault | None:
    return _forbidden("a recursive loop", node) if node.recursive else _target(node)


_RULES = {
    nodes.Getattr: _attribute,
    nodes.Call: _call,
    nodes.Getitem: _item,
    nodes.Test: _test,
    nodes.Filter: _filter,
    nodes.Assign: _target,
    nodes.For: _loop,
    nodes.Pow: _power,
}

_WORDS: dict[type[nodes.Node], str] = {
    nodes.FilterBlock: "a filter block",
    nodes.Dict: "a dictionary",
    nodes.Slice: "a slice",
    nodes.Concat: "joining texts with ~",
    nodes.AssignBlock: "a set block",
    nodes.CallBlock: "a call block",
    nodes.FromImport: "import",
    nodes.NSRef: "a namespace",
}


def _words_for(node: nodes.Node) -> str:
    return _WORDS.get(type(node), f"`{type(node).__name__.lower()}`")
