"""Problems that were made ready for pages before, kept by content under a seal.

Reading the LaTeX of a problem takes much longer than anything else that is done with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from notesbuild.diagnostics import Outcome
from notesbuild.model.project import Project
from notesbuild.run.code import code_digest
from notesbuild.source.cache import Cache, key_of
from notesbuild.source.files import Files

if TYPE_CHECKING:
    from notesbuild.practice.plan import Placed
    from notesbuild.practice.ready import Ready

CACHE = "shown"


@dataclass
class Kept:
    """What earlier runs made ready, and what is asked for now."""

    files: Files
    cache: Cache
    asked: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def opened(cls, project: Project) -> Kept:
        """What the last run left; nothing if it cannot be used."""
        files = Files(project.root)
        return cls(files, Cache.opened(files, project.settings.build, CACHE))

    def ready(self, placed: Placed, course: str) -> Outcome[Ready | None]:
        """The problem as :func:`notesbuild.practice.ready.make_ready` has it."""
        key = _key(placed, course)
        line = self.asked.get(key) or self.cache.lines.get(key, b"")
        if line:
            try:
                known = _adapter().validate_json(line)
            except ValueError:
                pass
            else:
                self.asked[key] = line
                return Outcome(known)
        from notesbuild.practice.ready import make_ready

        made = make_ready(placed, course)
        if made.value is not None and not made.diagnostics:
            self.asked[key] = _adapter().dump_json(made.value)
        return made

    def save(self, *, all_courses: bool) -> None:
        """Keep what was asked for; what only other courses asked for goes with ``all_courses``."""
        lines = self.asked if all_courses else {**self.cache.lines, **self.asked}
        if lines.keys() != self.cache.lines.keys():
            self.cache.saved(self.files, lines)


def _key(placed: Placed, course: str) -> str:
    """Everything that a page's form of a problem depends on, our code included."""
    problem = placed.problem
    facts = (course, str(placed.version or ""), problem.digest, code_digest("practice"))
    return key_of(problem.origin.path, [("", fact.encode()) for fact in facts])


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Ready]:
    from notesbuild.practice.ready import Ready

    return TypeAdapter(Ready)
