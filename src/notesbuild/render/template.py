"""Authors' templates: Jinja reads them, and what they hold is compared with what they may.

This module loads Jinja; :mod:`.environment` imports it when it meets a template.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes

from notesbuild.diagnostics import Code
from notesbuild.model.names import nearest
from notesbuild.render.environment import DELIMITERS, FILTERS, TESTS
from notesbuild.render.language import EXPRESSIONS, STATEMENTS, Interpreter, Piece
from notesbuild.render.operands import LOOP_FIELDS, TemplateFault

# Jinja would take the minus of \VAR{-n} for a command to strip white space, and print n.
_SIGN = re.compile(r"\\VAR\{(?=[-+])")


@lru_cache(maxsize=1)
def _author() -> jinja2.Environment:
    """Reads authors' templates; it never runs them."""
    return jinja2.Environment(**DELIMITERS, undefined=jinja2.StrictUndefined)


@dataclass(frozen=True, eq=False)
class _Template:
    tree: nodes.Template
    positions: dict[int, int]


def faults_of(
    text: str, parameters: frozenset[str], beside: frozenset[str] = frozenset()
) -> tuple[TemplateFault, ...]:
    """Everything in a template that the language does not have, or that nobody defined.

    The files that it includes are in its text by now; an include that is left could not be
    followed. ``beside`` are the names of the files in the problem's folder.
    """
    try:
        tree = _parse(text).tree
    except TemplateFault as fault:
        return (fault,)
    return tuple(_Checker(parameters | _assigned(tree), beside).faults(tree))


def run(text: str, names: Mapping[str, object]) -> list[Piece]:
    """The pieces that a template without faults prints.

    Raises:
        TemplateFault: it failed, or went beyond a limit.
    """
    template = _parse(text)
    return Interpreter(names, lambda node: template.positions.get(id(node), -1)).run(template.tree)


@lru_cache(maxsize=128)
def _parse(text: str) -> _Template:
    written = _SIGN.sub(r"\g<0> ", text)
    added = [found.end() + n for n, found in enumerate(_SIGN.finditer(text))]
    try:
        tree = _author().parse(written)
        return _Template(tree, _positions(written, tree, added))
    except jinja2.TemplateSyntaxError as fault:
        reason = (fault.message or "it cannot be read").rstrip(".")
        reason = re.sub(r"unexpected 'end of \w+ \w+'", "the tag ends too early", reason)
        hint = None
        if text.split("\n")[fault.lineno - 1].lstrip().startswith("%%"):
            hint = "a line that begins with %% is Jinja; a comment begins with one %"
        raise TemplateFault(Code.JINJA_SYNTAX, reason, fault.lineno, hint=hint) from fault
    except RecursionError as fault:
        message = "the template is nested too deeply"
        raise TemplateFault(Code.JINJA_SYNTAX, message, 0) from fault


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


@dataclass(frozen=True)
class _Checker:
    """Everything in a tree that the language does not have."""

    known: frozenset[str]
    beside: frozenset[str]

    def faults(self, node: nodes.Node, in_loop: bool = False) -> Iterator[TemplateFault]:
        if isinstance(node, nodes.Include):
            yield self._include(node)
            return
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

    def _include(self, node: nodes.Include) -> TemplateFault:
        """Why a file could not be included."""
        hint = 'write \\BLOCK{include "steps.tex"}; the file stands in the problem\'s own folder'
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if not isinstance(name, str):
            fault = _forbidden("an include of anything but a file name in quotes", node)
            fault.hint = hint
            return fault
        code, reason = Code.JINJA_FORBIDDEN, "it is no text, or it includes itself"
        if name.startswith("/") or ".." in name.split("/"):
            code, reason = Code.FILE_OUTSIDE, "it is not in the problem's own folder"
        elif name not in self.beside:
            code, reason = Code.FILE_MISSING, "the problem's folder has no such file"
            hint = nearest(name, self.beside) or hint
        return TemplateFault(code, f"{name!r} cannot be included: {reason}", node.lineno, "", hint)

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
