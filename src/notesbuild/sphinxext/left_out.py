"""References to what an edition leaves out: a name in the place of a link and a number.

The value ``notesbuild_left_out`` holds, for each label of a chapter that this edition does not
have, what it stands at: `[kind, result, title, chapter]`, such as
`["result", "lemma", "Massart's lemma", "Rademacher complexity"]`. A label that the edition has
itself is resolved as ever.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.kinds import KINDS
from notesbuild.sphinxext.nodes import restated

CLASS = "nb-left-out"
_ROLES = frozenset({"ref", "numref", "eq", "any", "myst"})
_SHORT = 80
_FORMULA = re.compile(r"\$([^$]+)\$")

_ABSENT = "not part of these notes"
_WORDS = {
    "de": {
        _ABSENT: "nicht Teil dieses Skripts",
        "{kind} “{title}”": "{kind} „{title}“",
        "a {kind} of “{chapter}”": "{kind} aus „{chapter}“",
        "chapter": "Kapitel",
        "section": "Abschnitt",
        "figure": "Abbildung",
        "equation": "Gleichung",
        "other": "Stelle",
    },
    "fr": {
        _ABSENT: "hors de ces notes",
        "{kind} “{title}”": "{kind} « {title} »",
        "a {kind} of “{chapter}”": "{kind} de « {chapter} »",
        "chapter": "chapitre",
        "section": "section",
        "figure": "figure",
        "equation": "équation",
        "other": "passage",
    },
    "ko": {
        _ABSENT: "이 강의록에 없음",
        "{kind} “{title}”": "{kind} “{title}”",
        "a {kind} of “{chapter}”": "“{chapter}”의 {kind}",
        "chapter": "장",
        "section": "절",
        "figure": "그림",
        "equation": "식",
        "other": "부분",
    },
}


class Absent(NamedTuple):
    """What stands at a label that the edition does not have."""

    kind: str
    result: str
    title: str
    chapter: str


class NameRestated(SphinxPostTransform):
    """Put a reference into the place where a result that is not there would be stated again."""

    default_priority = 1  # before results are stated again, and before the name is written

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        known = self.config.notesbuild_left_out
        for node in list(self.document.findall(restated)):
            label = node["label"]
            about = known.get(label)
            if (
                about
                and Absent(*about).kind == "result"
                and not results_domain(self.env).find(label)
            ):
                node.replace_self(_reference_to(node, label))


def _reference_to(place: restated, label: str) -> nodes.paragraph:
    reference = addnodes.pending_xref(
        "",
        nodes.inline(label, label),
        refdomain="prf",
        reftype="ref",
        reftarget=label,
        refdoc=place["docname"],
        refexplicit=False,
        refwarn=True,
        begins=True,
    )
    reference.source, reference.line = place.source, place.line
    return nodes.paragraph("", "", reference, nodes.Text("."), classes=place["classes"])


class NameLeftOut(SphinxPostTransform):
    """Write the names of what is not there."""

    default_priority = 3  # before anything is resolved, and found missing

    def run(self, **kwargs: Any) -> None:
        """See the class."""
        known = self.config.notesbuild_left_out
        if not known:
            return
        absent = {label.lower(): Absent(*about) for label, about in known.items()}
        absent |= {label: Absent(*about) for label, about in known.items()}
        for node in list(self.document.findall(addnodes.pending_xref)):
            target = node.get("reftarget", "").removeprefix("#")
            if node.get("reftype") in _ROLES and target in absent and not self._is_here(target):
                node.replace_self(self._named(node, absent[target]))

    def _is_here(self, label: str) -> bool:
        standard = self.env.domains.standard_domain
        known = (standard.anonlabels, standard.labels, self.env.domains.math_domain.equations)
        return results_domain(self.env).find(label) is not None or any(
            label in one for one in known
        )

    def _named(self, node: addnodes.pending_xref, absent: Absent) -> nodes.inline:
        """The author's words, or a name; and that it is not there."""
        named = nodes.inline(classes=[CLASS])
        if node.get("refexplicit") and "%s" not in node.astext() and "{" not in node.astext():
            named += node.children
        else:
            name = name_of(absent, self.config.language)
            named += _pieces(_begun(name) if node.get("begins") else name)
        named += nodes.Text(f" ({_said(_ABSENT, self.config.language)})")
        return named


def name_of(absent: Absent, language: str | None) -> str:
    """A name with its formulas between dollars: “Massart's lemma”, “a lemma of “Kernels””."""
    kind, title = _kind(absent, language), _short(absent)
    if not title:
        words = _said("a {kind} of “{chapter}”", language).format(kind=kind, chapter=absent.chapter)
        return words.replace("a ", "an ", 1) if re.match(r"a [aeiou]", words) else words
    if absent.kind == "result" and re.search(rf"\b{re.escape(kind)}\b", title, re.I):
        return title
    return _said("{kind} “{title}”", language).format(kind=_begun(kind), title=title)


def _kind(absent: Absent, language: str | None) -> str:
    kind = next((kind for kind in KINDS if kind.name == absent.result), None)
    if absent.kind == "result" and kind is not None:
        title = kind.shown(language)
        return title.lower() if (language or "en").startswith("en") else title
    whole = absent.kind == "section" and absent.title == absent.chapter
    word = "chapter" if whole else absent.kind
    said = _said(word, language)
    return "passage" if said == "other" else said


def _short(absent: Absent) -> str:
    """The title; of a caption the first sentence, if it is not long."""
    if absent.kind != "figure":
        return absent.title
    first = absent.title.partition(". ")[0].rstrip(".")
    return first if len(first) <= _SHORT else ""


def _begun(words: str) -> str:
    """As at the beginning of a sentence; before a title a kind is written so, too."""
    return words[:1].upper() + words[1:]


def _said(words: str, language: str | None) -> str:
    own = _WORDS.get((language or "en").split("_", maxsplit=1)[0].split("-", maxsplit=1)[0], {})
    return own.get(words, words)


def _pieces(words: str) -> Iterator[nodes.Node]:
    for number, piece in enumerate(_FORMULA.split(words)):
        if piece:
            words = piece.replace("'", "’")
            yield nodes.math(piece, piece) if number % 2 else nodes.Text(words)


def setup_left_out(app: Sphinx) -> None:
    """References to what is left out."""
    app.add_config_value("notesbuild_left_out", {}, "env", (dict,))
    app.add_post_transform(NameRestated)
    app.add_post_transform(NameLeftOut)
