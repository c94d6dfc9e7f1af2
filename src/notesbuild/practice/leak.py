"""What the finished notes must not tell: solutions before their day, and rubrics at all."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notesbuild.source.phrases import PHRASE, SECRETS, phrases, question_text, squeezed, words

if TYPE_CHECKING:
    from notesbuild.practice.ready import Ready

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Secrets:
    """Runs of letters of what is secret, each with its problem, and anchors that nothing has."""

    phrases: Mapping[str, str] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.phrases or self.anchors)

    def told_in(self, text: str) -> Iterator[str]:
        """What a text without markup tells, once for each problem."""
        letters = squeezed(text)
        runs = {letters[at : at + PHRASE] for at in range(len(letters) - PHRASE + 1)}
        told = {self.phrases[run]: run for run in sorted(runs & self.phrases.keys(), reverse=True)}
        for problem, phrase in sorted(told.items()):
            yield f"words of the solution or the rubric of {problem}: “{phrase}”"

    def told_on_page(self, page: str) -> Iterator[str]:
        """What a page tells, in what it shows or in what it holds."""
        yield from self.told_in(html.unescape(_TAG.sub("", page)))
        for anchor, problem in sorted(self.anchors.items()):
            if f'id="{anchor}"' in page:
                yield f"the place of the solution of {problem}"


NO_SECRETS = Secrets()


def secrets_of(
    ready: Iterable[Ready], released: Collection[str], open_texts: Iterable[str]
) -> Secrets:
    """The secrets of the problems that are shown; what anything open says is none."""
    hidden: dict[str, str] = {}
    anchors: dict[str, str] = {}
    said = list(open_texts)
    for one in ready:
        name = one.shown.id
        said.append(question_text(one.latex))
        secret = frozenset({"rubric"}) if name in released else SECRETS
        hidden |= dict.fromkeys(phrases(one.latex, secret), name)
        if name in released:
            said.append(question_text(one.latex, frozenset({"rubric"})))
        else:
            anchors[f"solution-{name}"] = name
    shown = squeezed(" ".join(word for text in said for word in words(text)))
    return Secrets({run: name for run, name in hidden.items() if run not in shown}, anchors)
