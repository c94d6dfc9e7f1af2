"""What the readers of Markdown and of reStructuredText chapters have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping

from notesbuild.diagnostics import Span
from notesbuild.source.outline import PROVED_KINDS, Draft, Home, Image, LabelKind, Mark, Result

_EXPLICIT = re.compile(r"^(?P<text>.*?)\s*<(?P<label>[^<>]+)>$", re.S)
_CITES = re.compile(r"(?:\{|:)(?:cite(?::\w+)?|footcite(?::\w+)?)(?:\}|:)`")
_REFERS = re.compile(r"(?:\{|:)(?:prf:ref|ref|numref|doc|eq)(?:\}|:)`|\]\(|`_")
_PROOF = re.compile(
    r"\b(?:proof|proofs|proved|proven|prove)\b|Beweis|preuve|démonstration|증명", re.I
)

RAW = frozenset(
    {
        *("code", "code-block", "sourcecode", "code-cell", "literalinclude", "parsed-literal"),
        *("raw", "toctree", "bibliography", "csv-table", "mermaid", "graphviz", "include"),
        *("highlight", "only-code", "doctest", "productionlist", "index", "role", "default-role"),
    }
)
"""Directives whose bodies are not text of the chapter."""

UNPROVED_CLASS = "no-proof"
DECORATION_CLASS = "decoration"


def cites(text: str) -> bool:
    """Whether a text cites the literature."""
    return _CITES.search(text) is not None


def tells_of_proof(text: str) -> bool:
    """Whether the text behind a result says where its proof is: it cites, or leads there."""
    return cites(text) or bool(_PROOF.search(text) and _REFERS.search(text))


def target_of(content: str) -> tuple[str, int]:
    """The label in the content of a role, and where it begins."""
    found = _EXPLICIT.match(content)
    name, start = (found["label"], found.start("label")) if found else (content, 0)
    return name.strip(), start + len(name) - len(name.lstrip())


def classes(options: Mapping[str, str]) -> frozenset[str]:
    """The CSS classes that a directive gets."""
    return frozenset(options.get("class", "").split())


def add_result(
    draft: Draft, number: int, name: str, title: str, span: Span, end: int, options: dict[str, str]
) -> None:
    """A result whose body has been read."""
    kind = name.removeprefix("prf:")
    label = options.get("label", "")
    elsewhere = UNPROVED_CLASS in classes(options)
    draft.results[number] = Result(kind, label, title, span, end, tuple(options.items()), elsewhere)


def mark_of(
    draft: Draft, options: Mapping[str, str], places: Mapping[str, Span], **about: str
) -> None:
    """The label of a directive, where it has one."""
    for key in ("label", "name"):
        if options.get(key):
            kind = LabelKind(about.get("kind", LabelKind.OTHER))
            title, result = about.get("title", ""), about.get("result", "")
            draft.marks.append(Mark(options[key], kind, places[key], title, result))


def add_image(draft: Draft, target: str, options: Mapping[str, str], span: Span) -> None:
    """A picture of a directive ``image`` or ``figure``."""
    decoration = DECORATION_CLASS in classes(options) | set(options.get("figclass", "").split())
    draft.images.append(Image(target, options.get("alt"), span, decoration))


def is_result(name: str) -> bool:
    """Whether a directive states a result; a project may have kinds of its own."""
    return name.startswith("prf:") and name not in ("prf:proof", "prf:restate")


def nearest_result(draft: Draft) -> int | None:
    """The result that a proof further down belongs to: the last one that wants a proof."""
    for number in range(len(draft.results) - 1, -1, -1):
        result = draft.results[number]
        if result is not None and result.kind in PROVED_KINDS:
            return number
    return len(draft.results) - 1 if draft.results else None


def inside(home: Home, *, result: int | None = None, proof: int | None = None) -> Home:
    """The home of what stands within a result or a proof."""
    return Home(home.result if result is None else result, home.proof if proof is None else proof)


def closes(opening: str, line: str) -> bool:
    """Whether a line ends what colons, backquotes or tildes have opened, in a quotation as well."""
    bare = line.lstrip("> \t").rstrip()
    return len(bare) >= len(opening) and set(bare) == {opening[0]}
