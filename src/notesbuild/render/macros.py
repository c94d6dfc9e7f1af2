r"""The one file of macros: read once, written for KaTeX and for LaTeX.

A file of macros holds ``\newcommand``, ``\renewcommand``, ``\DeclareMathOperator`` and
``\DeclareMathOperator*`` and nothing else, because that is what both sides understand alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexCommentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexNode,
    LatexWalker,
    LatexWalkerParseError,
)
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from notesbuild.diagnostics import Code, Diagnostic, Span, error

_COMMANDS = {
    "newcommand": "*{[[{",
    "renewcommand": "*{[[{",
    "DeclareMathOperator": "*{{",
}


@dataclass(frozen=True, slots=True)
class Macro:
    """One definition; ``name`` is without its backslash, ``line`` and ``column`` begin at 1."""

    name: str
    args: int
    body: str
    line: int
    column: int
    operator: bool = False
    limits: bool = False
    """An operator whose subscripts stand below it in displays (``\\DeclareMathOperator*``)."""
    renew: bool = False


@dataclass(frozen=True, slots=True)
class MacroProblem:
    """What is wrong in a file of macros, and where."""

    line: int
    column: int
    message: str


def read_macros(text: str) -> tuple[Macro, ...]:
    """The definitions in ``text``, in order; what cannot be read is in `macro_problems`."""
    return _read(text)[0]


def macro_problems(text: str) -> tuple[MacroProblem, ...]:
    """Everything in ``text`` that is not a definition both sides understand."""
    return _read(text)[1]


def wrong_macros(text: str, path: str) -> Iterator[Diagnostic]:
    """The same as diagnostics, for the file of macros at that path."""
    for fault in macro_problems(text):
        yield error(Code.MACRO_WRONG, fault.message, Span(path, fault.line, fault.column))


def to_katex(macros: Iterable[Macro]) -> dict[str, str]:
    """The option ``macros`` of KaTeX."""
    return {f"\\{macro.name}": _katex_body(macro) for macro in macros}


def to_latex(macros: Iterable[Macro]) -> str:
    """The definitions as LaTeX, to stand after amsmath and amssymb."""
    return "".join(_latex_definition(macro) + "\n" for macro in macros)


def _katex_body(macro: Macro) -> str:
    if not macro.operator:
        return macro.body
    return rf"\operatorname{'*' if macro.limits else ''}{{{macro.body}}}"


def _latex_definition(macro: Macro) -> str:
    if macro.operator:
        star = "*" if macro.limits else ""
        return rf"\DeclareMathOperator{star}{{\{macro.name}}}{{{macro.body}}}"
    args = f"[{macro.args}]" if macro.args else ""
    definition = rf"command{{\{macro.name}}}{args}{{{macro.body}}}"
    if macro.renew:
        # The name may be LaTeX's own in one document and unknown in another.
        return rf"\providecommand{{\{macro.name}}}{{}}\renew{definition}"
    return rf"\new{definition}"


@lru_cache(maxsize=8)
def _read(text: str) -> tuple[tuple[Macro, ...], tuple[MacroProblem, ...]]:
    walker = LatexWalker(text, latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, _, _ = walker.get_latex_nodes()
    except LatexWalkerParseError as error:
        return (), (MacroProblem(error.lineno or 1, (error.colno or 0) + 1, _reason(error)),)
    except RecursionError:
        return (), (MacroProblem(1, 1, "the groups are nested too deeply"),)
    macros: dict[str, Macro] = {}
    problems: list[MacroProblem] = []
    for node in nodes:
        found = _definition(walker, node)
        if isinstance(found, Macro) and found.name in macros and not found.renew:
            first = macros[found.name].line
            found = _problem(walker, node, rf"\{found.name} is already defined in line {first}")
        if isinstance(found, Macro):
            macros[found.name] = found
        elif found is not None and found.line not in {problem.line for problem in problems}:
            problems.append(found)
    return tuple(macros.values()), tuple(problems)


def _context() -> LatexContextDb:
    """Only the defining commands take arguments: a body is text, whatever it calls."""
    context = LatexContextDb()
    specs = [MacroSpec(name, arguments) for name, arguments in _COMMANDS.items()]
    context.add_context_category("definitions", macros=specs)
    context.set_unknown_macro_spec(MacroSpec(""))
    return context


def _reason(error: LatexWalkerParseError) -> str:
    return str(error.msg).split("\n", 1)[0].rstrip(".")


def _problem(walker: LatexWalker, node: LatexNode, message: str) -> MacroProblem:
    line, column = walker.pos_to_lineno_colno(node.pos)
    return MacroProblem(line, column + 1, message)


def _definition(walker: LatexWalker, node: LatexNode) -> Macro | MacroProblem | None:
    if isinstance(node, LatexCommentNode):
        return None
    if isinstance(node, LatexCharsNode) and not node.chars.strip():
        return None
    if not isinstance(node, LatexMacroNode) or node.macroname not in _COMMANDS:
        shown = walker.s[node.pos : node.pos + node.len].strip().split("\n")[0]
        return _problem(
            walker,
            node,
            rf"“{shown}” is not a definition: use \newcommand, \renewcommand or"
            r" \DeclareMathOperator",
        )
    star, target, *options, body = node.nodeargd.argnlist
    name = _macro_name(target)
    if name is None:
        return _problem(walker, node, rf"\{node.macroname} needs the name of a macro first")
    if node.macroname == "DeclareMathOperator":
        return _macro(walker, node, name, 0, body, operator=True, limits=star is not None)
    count, default = options
    if default is not None:
        message = rf"\{name} has an optional argument, which KaTeX does not know"
        return _problem(walker, node, message)
    digits = "0" if count is None else _text(walker, count).strip()
    if digits not in set("0123456789"):
        return _problem(walker, node, rf"\{name}: the number of arguments is not 0 to 9")
    return _macro(walker, node, name, int(digits), body, renew=node.macroname == "renewcommand")


def _macro(
    walker: LatexWalker,
    node: LatexNode,
    name: str,
    args: int,
    body_node: LatexNode,
    **kind: bool,
) -> Macro | MacroProblem:
    body = _text(walker, body_node)
    for digit in range(args + 1, 10):
        if f"#{digit}" in body:
            return _problem(walker, node, rf"\{name} uses #{digit} but takes {args} arguments")
    line, column = walker.pos_to_lineno_colno(node.pos)
    return Macro(name, args, body, line, column + 1, **kind)


def _macro_name(node: LatexNode | None) -> str | None:
    if isinstance(node, LatexGroupNode):
        inner = [n for n in node.nodelist if not isinstance(n, LatexCommentNode)]
        node = inner[0] if len(inner) == 1 else None
    return node.macroname if isinstance(node, LatexMacroNode) else None


def _text(walker: LatexWalker, node: LatexNode) -> str:
    """A node's source without the braces or brackets around it."""
    source: str = walker.s[node.pos : node.pos + node.len]
    if isinstance(node, LatexGroupNode):
        opening, closing = node.delimiters
        return source[len(opening) : len(source) - len(closing)]
    return source
