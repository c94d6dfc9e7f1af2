"""The bank of a Sphinx project that stands alone: read by the extension itself."""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

from notesbuild.diagnostics import Diagnostic
from notesbuild.model.problem import Bank
from notesbuild.model.project import Chapter
from notesbuild.model.shown import query_key
from notesbuild.practice.files import problem_name, problem_text, query_name, query_text
from notesbuild.practice.plan import ALWAYS, Plan, plan_of
from notesbuild.source.asked import asked_in
from notesbuild.source.bank import find_problems, read_each
from notesbuild.source.files import Files
from notesbuild.sphinxext.bank_folder import SEEN, bank_folder
from notesbuild.sphinxext.report import Subtype, warn


def lay_out_bank(app: Sphinx, folder: Path) -> None:
    """Write the problems that the documents show, each where its content has changed."""
    home = bank_folder(app.config)
    assert home is not None
    if not home.is_dir():
        message = f"the problem bank {home} is no folder"
        warn(Subtype.PROBLEM, message, f"{Path(app.confdir, 'conf.py')}:1")
        return
    app.env.find_files(app.config, app.builder)
    chapters = tuple(_chapter(app, name) for name in sorted(app.env.found_docs))
    files: dict[str, str] = {SEEN: json.dumps(_seen(chapters))}
    if any(asked_in(chapter) for chapter in chapters):
        files |= _files(app, home, chapters)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
    for path in folder.glob("*.json"):
        if path.name not in files:
            path.unlink()


def _seen(chapters: tuple[Chapter, ...]) -> list[str]:
    asked = [one for chapter in chapters for one in asked_in(chapter)]
    return [
        one.argument
        if one.name == "problem"
        else query_key(*(one.value(name) for name in ("where", "sort", "limit")))
        for one in asked
    ]


def _chapter(app: Sphinx, docname: str) -> Chapter:
    path = Path(app.env.doc2path(docname))
    return Chapter(docname, str(path), path.read_text("utf-8", "replace"))


def _files(app: Sphinx, home: Path, chapters: tuple[Chapter, ...]) -> dict[str, str]:
    files = Files(home.parent)
    readings = list(read_each(files, find_problems(files, home.name)))
    problems = sorted((r.problem for r in readings if r.problem), key=lambda p: p.id)
    planned = plan_of(chapters, Bank(tuple(problems)))
    _report(home, [d for reading in readings for d in reading.found])
    _report(home, planned.diagnostics)
    return _texts(app, home, planned.value)


def _texts(app: Sphinx, home: Path, plan: Plan) -> dict[str, str]:
    from notesbuild.practice.ready import make_ready  # a course of notesbuild brings its texts

    texts = {query_name(key): query_text(found) for key, found in plan.queries}
    for placed in plan.placed:
        released = placed.asked.value("solution").strip() == ALWAYS
        ready = make_ready(placed, app.config.project)
        _report(home, ready.diagnostics)
        if ready.value is not None:
            shown = (ready.value if released else ready.value.before_release()).shown
            texts[problem_name(shown.id)] = problem_text(shown)
    return texts


def _report(home: Path, found: list[Diagnostic] | tuple[Diagnostic, ...]) -> None:
    for one in found:
        words = " ".join(filter(None, (one.message, one.hint and f"({one.hint})", *one.notes)))
        place = one.span
        path = home.parent / place.path if place else home
        warn(Subtype.PROBLEM, words, f"{path}:{place.line if place else 0}")
