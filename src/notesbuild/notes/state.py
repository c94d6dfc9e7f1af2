"""What one build of a course tells the next."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import sphinx

from notesbuild.notes.work import Work
from notesbuild.run.code import code_digest


def code_serial() -> str:
    """What names the code: outputs of another version of it are made anew."""
    folders = ("model", "notes", "practice", "render", "source", "sphinxext")
    return f"{sphinx.__version__} {code_digest(*folders)}"


@dataclass(frozen=True)
class State:
    """``complaining``: documents with warnings, which the next build reads again.

    ``pdf_sources`` and ``pdf_input`` are digests of the author's sources, and of the LaTeX,
    that the published PDFs were made from, ``pdf_files`` that of the PDFs as they were left.
    ``calendar`` tells both of the published calendar. ``finished`` is that of a whole build that
    found nothing to say, and ``outputs`` lists what it published. ``serial`` names the code.
    """

    complaining: tuple[str, ...] = ()
    pdf_sources: str = ""
    pdf_input: str = ""
    pdf_files: str = ""
    calendar: str = ""
    finished: str = ""
    outputs: tuple[str, ...] = ()
    serial: str = field(default_factory=code_serial)

    def complains_about(self, documents: frozenset[str]) -> State:
        """The same with other documents to read again."""
        return replace(self, complaining=tuple(sorted(documents)))


@contextmanager
def unbroken(work: Work) -> Iterator[None]:
    """Mark the working folder as in use; what a killed build left in it is thrown away."""
    mark = work.root / "in-use"
    if mark.exists() or _read(work.state) is None:
        shutil.rmtree(work.root, ignore_errors=True)
    work.root.mkdir(parents=True, exist_ok=True)
    mark.touch()
    yield
    mark.unlink(missing_ok=True)


def read_state(work: Work) -> State:
    """What the last build has left; nothing where there was none, or one of another version."""
    return _read(work.state) or State()


def write_state(work: Work, state: State) -> None:
    """Leave a state for the next build."""
    work.state.write_text(json.dumps(asdict(state)) + "\n", "utf-8")


def _read(path: Path) -> State | None:
    try:
        data = json.loads(path.read_text("utf-8"))
        lists = {name: tuple(data[name]) for name in ("complaining", "outputs")}
        state = State(**{**data, **lists})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return state if state.serial == code_serial() else None
