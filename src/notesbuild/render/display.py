r"""Displayed mathematics in one normal form, so that KaTeX and LaTeX typeset the same thing.

Authors write a bare body, several bodies with blank lines between them, or a whole outer
environment (``align``, ``gather``, ...). The normal form is a body for one display: its rows
stand in an inner environment (``aligned``, ``gathered``), and it carries no number of its own.
"""

import re

_INNER = {
    "equation": "",
    "displaymath": "",
    "align": "aligned",
    "flalign": "aligned",
    "eqnarray": "aligned",
    "gather": "gathered",
    "alignat": "alignedat",
}

_OUTER = re.compile(
    r"\s*\\begin\{(?P<name>[a-z]+)(?P<star>\*?)\}(?P<columns>\{\d+\})?"
    r"(?P<body>.*)\\end\{(?P=name)(?P=star)\}\s*",
    re.DOTALL,
)

# Known to amsmath alone, and without an inner form.
_MULTLINE = re.compile(r"\s*\\begin\{multline\*?\}(?P<body>.*)\\end\{multline\*?\}\s*", re.DOTALL)

_TOKEN = re.compile(r"\\begin\b|\\end\b|\\.|[{}&]", re.DOTALL)

_NUMBERING = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])|\\label\s*\{[^{}]*\}")


def normal_display(text: str) -> str:
    """The body of one unnumbered display that shows ``text``."""
    match = _OUTER.fullmatch(text)
    if match and match["name"] in _INNER and f"\\begin{{{match['name']}" not in match["body"]:
        body = _NUMBERING.sub("", match["body"]).strip()
        inner = _INNER[match["name"]]
        if not inner:
            return normal_display(body)
        return _environment(inner, body, match["columns"] or "")
    parts = [part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
    if len(parts) > 1:
        rows = [part.removesuffix("\\\\").rstrip() for part in parts]
        aligned = any(_has_rows(part, "&") for part in rows)
        return _environment("aligned" if aligned else "gathered", " \\\\\n".join(rows))
    body = parts[0] if parts else ""
    return _environment("aligned", body) if _has_rows(body, "&", "\\\\") else body


def latex_display(text: str, label: str | None, *, qed: bool = False, fit: bool = False) -> str:
    r"""``text`` as a LaTeX display: with ``label`` it shows the current ``\theequation``.

    To ``fit``, what is wider than the line is shrunk, beside its number or the mark of an end.
    """
    body = normal_display(text)
    name = "equation"
    if match := _MULTLINE.fullmatch(body):
        name, body = "multline", match["body"].strip()
    elif fit:
        body = f"\\nbfit{{{'4em' if label or qed else '0pt'}}}{{{body}\n}}"
    if label is None:
        begin, end = f"\\begin{{{name}*}}", f"\\end{{{name}*}}"
    else:
        begin, end = f"\\begin{{{name}}}\\label{{{label}}}", f"\\end{{{name}}}"
    # On a line of its own: the body may end with a comment.
    mark = "\\qedhere\n" if qed else ""
    return f"{begin}\n{body}\n{mark}{end}"


def _environment(name: str, body: str, argument: str = "") -> str:
    return f"\\begin{{{name}}}{argument}\n{body}\n\\end{{{name}}}"


def _has_rows(body: str, *separators: str) -> bool:
    """Whether a separator of rows or columns stands outside all braces and environments."""
    depth = 0
    for token in _TOKEN.findall(body):
        if token in ("{", "\\begin"):
            depth += 1
        elif token in ("}", "\\end"):
            depth -= 1
        elif depth == 0 and token in separators:
            return True
    return False
