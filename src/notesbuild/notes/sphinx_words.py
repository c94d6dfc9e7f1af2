"""What Sphinx says, as diagnostics of ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notesbuild.diagnostics import Code, Diagnostic, Severity, Span
from notesbuild.notes.assemble import Assembled

OUTSIDE = "notesbuild.outside"
"""The type of our own message about a file that is not the project's."""


@dataclass(frozen=True)
class _Rule:
    """Messages of a type, or with certain words, become a code."""

    code: Code
    severity: Severity | None
    types: tuple[str, ...] = ()
    words: str = ""

    def fits(self, kind: str, text: str) -> bool:
        if self.types and not kind.startswith(self.types):
            return False
        return bool(re.search(self.words, text)) if self.words else True


_RULES = (
    _Rule(Code.FILE_OUTSIDE, Severity.ERROR, (OUTSIDE,)),
    _Rule(Code.FILE_OUTSIDE, Severity.ERROR, words=r"leads out of the notes$"),
    _Rule(Code.FORBIDDEN_LATEX, Severity.ERROR, ("notesbuild.latex",)),
    _Rule(Code.FILE_MISSING, Severity.ERROR, words=r"file not readable|^Include file .* not found"),
    _Rule(Code.DUPLICATE_LABEL, Severity.ERROR, ("notesbuild.label",)),
    _Rule(Code.DUPLICATE_LABEL, Severity.ERROR, words=r"(?i)^duplicate (label|equation)"),
    _Rule(Code.UNKNOWN_REFERENCE, Severity.ERROR, ("notesbuild.ref", "ref.", "bibtex.key_not")),
    _Rule(Code.UNKNOWN_REFERENCE, Severity.ERROR, ("myst.xref", "myst.iref")),
    _Rule(Code.UNKNOWN_REFERENCE, Severity.ERROR, words=r"^(equation not found|undefined label)"),
    _Rule(Code.FORBIDDEN_LATEX, Severity.ERROR, ("notesbuild.tikz",), "is not allowed"),
    _Rule(Code.PROGRAM_MISSING, Severity.ERROR, ("notesbuild.tikz",), "is not installed"),
    _Rule(Code.TEX_ERROR, Severity.ERROR, ("notesbuild.tikz",)),
    _Rule(Code.NOTES_WARNING, Severity.ERROR, ("notesbuild.image",)),
    _Rule(Code.NOTES_WARNING, Severity.ERROR, words=r"a picture (needs|has) "),
    _Rule(Code.MATH_WRONG, Severity.WARNING, ("notesbuild.math",), "LaTeX would not"),
    _Rule(Code.MATH_WRONG, Severity.ERROR, ("notesbuild.math",)),
    _Rule(Code.MACRO_WRONG, Severity.ERROR, ("notesbuild.macros",)),
    _Rule(Code.PROGRAM_FAILED, Severity.ERROR, ("notesbuild.assets",)),
    # What Sphinx does not know, it leaves out: the text would be lost.
    _Rule(Code.NOTES_WARNING, Severity.ERROR, words=r"(?i)^unknown (directive|role|interpreted)"),
    _Rule(Code.NOTES_WARNING, None),
)
_FAR = 60
_QUOTED = re.compile(r"[“‘'\"`]([^“”‘’'\"`]+)[”’'\"`]|: ([\w:./-]+)$")


def diagnose(
    level: str, text: str, kind: str, span: Span | None, assembled: Assembled | None
) -> Diagnostic:
    """One message; ``kind`` is Sphinx's type and subtype, which ``suppress_warnings`` knows."""
    rule = next(rule for rule in _RULES if rule.fits(kind, text))
    severe = Severity.WARNING if level == "WARNING" else Severity.ERROR
    placed = _with_column(span, text, kind, assembled) if span and assembled else span
    return Diagnostic(rule.code, rule.severity or severe, text, placed)


def _with_column(span: Span, text: str, kind: str, assembled: Assembled) -> Span:
    """The place of what the message quotes, on its line or one of the next."""
    chapter = next((c for c in assembled.chapters if c.path == span.path), None)
    if chapter is None or not span.line:
        return span
    lines = chapter.text.split("\n")
    words = [found for pair in _QUOTED.findall(text) for found in pair if found]
    far = len(lines) if kind == OUTSIDE else _FAR
    for number in range(span.line, min(span.line + far, len(lines)) + 1):
        for word in words:
            column = lines[number - 1].find(word)
            if column >= 0:
                return Span(span.path, number, column + 1)
    return span
