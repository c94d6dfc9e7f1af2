"""Markdown of manifests as LaTeX: text, lists, tables, links, code, roles and $math$."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from notesbuild.render.escape import Tex, escape_tex

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_EXPLICIT = re.compile(r"^(?P<words>.+?)\s*<[^<>]+>$", re.DOTALL)
_SLASH, _BREAK = re.compile(r"(?<!/)/(?!/)"), r"/\\allowbreak{}"
_NARROW = 24
"""A column whose cells have at most so many letters is as wide as they are."""

_OPEN_CLOSE = {
    "strong_open": r"\textbf{",
    "strong_close": "}",
    "em_open": r"\emph{",
    "em_close": "}",
    "s_open": "",
    "s_close": "",
    "bullet_list_open": "\\begin{itemize}\n",
    "bullet_list_close": "\\end{itemize}\n",
    "ordered_list_open": "\\begin{enumerate}\n",
    "ordered_list_close": "\\end{enumerate}\n",
    "list_item_open": r"\item ",
    "list_item_close": "\n",
    "blockquote_open": "\\begin{quote}\n",
    "blockquote_close": "\\end{quote}\n",
    "paragraph_open": "",
    "heading_open": r"\textbf{",
    "heading_close": "}\\par\n\n",
    "hr": "\\par\\bigskip\n",
    "softbreak": "\n",
    "hardbreak": "\\\\\n",
}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").use(myst_role_plugin)
    return parser.use(dollarmath_plugin, allow_labels=False, double_inline=True)


def markdown_to_tex(text: str, titles: Mapping[str, str] | None = None) -> Tex:
    """The text as LaTeX; whatever LaTeX would take for a command is printed as it stands.

    A role such as ``{ref}`` prints its words, or the title of its label from ``titles``; paper
    shows the addresses of links.
    """
    return Tex("".join(_Printer(titles or {}).blocks(_parser().parse(text))).strip())


class _Printer:
    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles

    def blocks(self, tokens: Sequence[Token]) -> Iterator[str]:
        """The LaTeX of tokens, piece by piece."""
        rest = iter(tokens)
        for token in rest:
            if token.type == "table_open":
                yield self._table(list(_until(rest, "table_close")))
            elif token.type == "link_open":
                yield self._link(token, list(_until(rest, "link_close")))
            else:
                yield self._piece(token)

    def _piece(self, token: Token) -> str:
        if token.type == "inline":
            return "".join(self.blocks(token.children or ()))
        if token.type == "paragraph_close":
            return "\n" if token.hidden else "\n\n"
        if token.type in _OPEN_CLOSE:
            return _OPEN_CLOSE[token.type]
        if token.type == "math_inline":
            return f"${token.content}$"
        if token.type.startswith("math_"):
            return f"\\[{token.content.strip()}\\]\n"
        if token.type in ("code_inline", "fence", "code_block"):
            return rf"\texttt{{{escape_tex(token.content.rstrip())}}}"
        if token.type == "myst_role":
            return self._role(str(token.meta["name"]), token.content)
        return escape_tex(token.content)

    def _role(self, name: str, content: str) -> str:
        if name == "math":
            return f"${content}$"
        explicit = _EXPLICIT.match(content)
        words = explicit["words"] if explicit else self.titles.get(content, content)
        return "".join(self.blocks(_parser().parseInline(words)))

    def _link(self, opened: Token, inside: Sequence[Token]) -> str:
        """The words, and where these are not the address itself, the address behind them."""
        words = "".join(self.blocks(inside))
        address = str(opened.attrs.get("href", "")).removeprefix("mailto:")
        if "".join(token.content for token in inside) in (address, f"mailto:{address}"):
            return _address(address)
        return f"{words} ({_address(address)})" if ":" in address or "@" in address else words

    def _table(self, tokens: Sequence[Token]) -> str:
        rows = list(_rows(tokens))
        printed: list[str] = []
        for row in rows:
            cells = ["".join(self.blocks(cell.children or ())) for cell in row]
            if not printed:
                cells = [cell and rf"\textbf{{{cell}}}" for cell in cells]
            printed.append(" & ".join(cells) + "\\tabularnewline")
        head, *body = printed
        columns = _columns([[len(cell.content) for cell in row] for row in rows])
        lines = [
            rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}",
            head,
            r"\hline\noalign{\smallskip}",
            *body,
        ]
        return "\n".join([*lines, r"\end{tabular}"]) + "\n\n"


def _until(tokens: Iterator[Token], last: str) -> Iterator[Token]:
    for token in tokens:
        if token.type == last:
            return
        yield token


def _rows(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    row: list[Token] = []
    for token in tokens:
        if token.type == "inline":
            row.append(token)
        elif token.type == "tr_close":
            yield row
            row = []


def _columns(letters: Sequence[Sequence[int]]) -> str:
    """Narrow columns as wide as they are; the others share the line by their longest cells."""
    longest = [max(column) for column in zip(*letters, strict=True)]
    wide = sum(length for length in longest if length > _NARROW)
    taken = 0.017 * sum(length for length in longest if length <= _NARROW)
    shapes = [
        "l"
        if length <= _NARROW
        else rf"p{{\dimexpr {max(1 - taken, 0.3) * length / wide:.3f}\linewidth-2\tabcolsep}}"
        for length in longest
    ]
    return "".join(f">{{\\raggedright}}{shape}" if shape != "l" else shape for shape in shapes)


def _address(address: str) -> str:
    """An address, which may be broken behind its slashes."""
    return rf"\texttt{{{_SLASH.sub(_BREAK, escape_tex(address))}}}"
