"""What a course's site offers besides its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from notesbuild.model.handout import Handout
from notesbuild.model.words import say


@dataclass(frozen=True)
class Downloads:
    """What a site has besides its pages; paths are relative to the home page."""

    notes: str | None = None
    syllabus: str | None = None
    calendar: str | None = None
    chapters: tuple[tuple[str, str], ...] = ()
    handouts: tuple[Handout, ...] = ()
    forms: tuple[tuple[str, str], ...] = ()

    def buttons(self, language: str) -> Iterator[tuple[str, str]]:
        """Words and path of each file that the home page offers."""
        if self.notes:
            yield say("Notes (PDF)", language), self.notes
        yield from self.forms
        if self.syllabus:
            yield say("Syllabus (PDF)", language), self.syllabus
        if self.calendar:
            yield say("Calendar (ICS)", language), self.calendar
