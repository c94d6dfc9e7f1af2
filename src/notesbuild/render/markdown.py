"""Markdown of manifests as LaTeX: paragraphs, emphasis, lists, links, code and $math$."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from notesbuild.render.escape import Tex, escape_tex

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
    "link_open": "",
    "link_close": "",
}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    return parser.use(dollarmath_plugin, allow_labels=False, double_inline=True)


def markdown_to_tex(text: str) -> Tex:
    """The text as LaTeX; whatever LaTeX would take for a command is printed as it stands."""
    return Tex("".join(_blocks(_parser().parse(text))).strip())


def _blocks(tokens: Sequence[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _blocks(token.children or ())
        elif token.type == "paragraph_close":
            yield "\n" if token.hidden else "\n\n"
        elif token.type in _OPEN_CLOSE:
            yield _OPEN_CLOSE[token.type]
        elif token.type == "math_inline":
            yield f"${token.content}$"
        elif token.type.startswith("math_"):
            yield f"\\[{token.content.strip()}\\]\n"
        elif token.type in ("code_inline", "fence", "code_block"):
            yield rf"\texttt{{{escape_tex(token.content.rstrip())}}}"
        else:
            yield escape_tex(token.content)
