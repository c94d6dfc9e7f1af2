"""Running Sphinx inside this process, with its warnings as diagnostics."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sphinx import locale
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace, patch_docutils

from notesbuild.diagnostics import Code, Diagnostic, Span, error
from notesbuild.notes.assemble import BIBLIOGRAPHY, FROM_BANK, Assembled
from notesbuild.notes.config import AUTHOR_CONF
from notesbuild.notes.finding import quick_finding
from notesbuild.notes.home import docname
from notesbuild.notes.inside import NOWHERE, only_inside, stay_inside
from notesbuild.notes.offers import offers_read_once
from notesbuild.notes.shared import keep_what_is_shared
from notesbuild.notes.shares import share_work
from notesbuild.notes.sphinx_words import OUTSIDE, diagnose
from notesbuild.notes.work import Work
from notesbuild.render.bytecode import keep_templates
from notesbuild.run.garbage import seldom_tidied
from notesbuild.run.publish import is_refusal, write_fault

ENTIRELY = "*"
"""In place of a document's name: Sphinx has to read everything again."""

_WARNING = re.compile(
    r"^(?:(?P<place>.*?): )?(?P<level>WARNING|ERROR|CRITICAL): (?P<text>.*?)"
    r"(?: \[(?P<type>[\w.-]+)\])?$",
    re.DOTALL,
)
# Sphinx says of the same equation that its label is a duplicate, and where; and we say which
# chapters have no title.
# An extension of the author's may be none for several processes; then there is one.
# For LaTeX's own words in a language that babel lacks there are ours.
_SAID_TWICE = (
    'Duplicate ID: "equation-',
    "that doesn't have a title: no link will be generated",
    "no Babel option known",
    "safe for parallel ",
    "doing serial ",
)
_NO_ROOM = os.strerror(errno.ENOSPC)
# Pages that no document is behind.
_OF_SPHINX = ("genindex", "search")
_NO_TITLE = "<no title>"  # Sphinx's own words
_TITLE_HINT = "begin with a heading: # Title in Markdown, or an underlined line in .rst"
_PLACE = re.compile(r"^(?P<path>.*?)(?::(?P<line>\d+))?(?::\d+)?(?::<[^>]*>)?$")


@dataclass(frozen=True)
class SphinxRun:
    """What a run had to say, and the documents that must be read again for it to say so."""

    diagnostics: tuple[Diagnostic, ...]
    complaining: frozenset[str]


class _Warnings(io.StringIO):
    """A stream that keeps each warning whole: Sphinx writes one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[str] = []

    def write(self, text: str) -> int:
        if text.strip():
            self.entries.append(strip_colors(text).rstrip("\n"))
        return len(text)


@dataclass(frozen=True)
class _Outline:
    """What all pages show of each other: when it changes, every page is written again."""

    path: Path

    def compare(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """For Sphinx's event ``env-get-updated``."""
        parts = [
            (docname, str(env.titles[docname]), str(env.tocs[docname]), _numbers(env, docname))
            for docname in sorted(env.titles)
        ]
        outline = json.dumps([parts, sorted(env.toctree_includes.items())])
        before = self.path.read_text("utf-8") if self.path.is_file() else ""
        if outline == before:
            return []
        self.path.write_text(outline, "utf-8")
        return sorted(env.found_docs)


def run_sphinx(
    work: Work,
    assembled: Assembled,
    builder: str,
    *,
    reread: frozenset[str],
    form: str = "",
    jobs: int = 1,
) -> SphinxRun:
    """Run a builder on the laid-out sources; ``reread`` is what the last run complained about.

    ``form`` names another form of the PDF. With more than one of ``jobs`` Sphinx forks where
    much is to be done, which a process with threads must not do.
    """
    warnings = _Warnings()
    out = work.latex_of(form) if form else work.root / builder
    locale.translators.clear()  # or the words of an earlier course in another language stay
    failure: tuple[Diagnostic, ...] = ()
    app: Sphinx | None = None
    again = False
    with (
        patch_docutils(str(work.src)),
        docutils_namespace(),
        only_inside(),
        offers_read_once(),
        quick_finding(),
        seldom_tidied(),
    ):
        try:
            app = Sphinx(
                work.src,
                work.src,
                out,
                work.doctrees,
                builder,
                confoverrides={"notesbuild_variant": str(form)} if form else None,
                status=None,
                warning=warnings,
                freshenv=ENTIRELY in reread,
                parallel=jobs,
            )
            stay_inside(app)
            app.connect("env-get-outdated", _Outdated(reread).find)
            share_work(app)
            _keep_templates(app, work)
            if builder == "html":
                outline = _Outline(work.root / "outline.json")
                app.connect("env-get-updated", outline.compare, priority=990)
                app.connect("write-started", _trust_the_outline)
                keep_what_is_shared(app, work)
            app.build()
            failure = (*_outside(app.env, assembled), *_untitled(app.env, assembled))
            if builder == "html":
                _sweep(app.env, out)
        except Exception as fault:  # whatever an extension or a configuration does
            reading = _reading(app.env) if app is not None else None
            failure = (_failure(fault, assembled, work, reading),)
            again = jobs > 1 and app is not None and not reading
    if again:
        # What went wrong in a process of its own is known by its place when it happens here.
        return run_sphinx(work, assembled, builder, reread=reread, form=form)
    return _collect(warnings.entries, failure, assembled, work)


def _trust_the_outline(app: Sphinx, builder: Builder) -> None:
    """Do not write pages with a table of contents again because a text behind it has changed.

    Whatever they show of it is in the outline.
    """
    app.env.files_to_rebuild = {}


def _keep_templates(app: Sphinx, work: Work) -> None:
    """Let the theme's templates be compiled once, unless somebody else than Jinja makes pages."""
    templates = getattr(app.builder, "templates", None)
    if isinstance(templates, BuiltinTemplateLoader):
        keep_templates(templates.environment, work.templates)


def _outside(env: BuildEnvironment, assembled: Assembled) -> Iterator[Diagnostic]:
    """Whatever a chapter has read that does not belong to the project."""
    src = Path(env.srcdir)
    for name, files in sorted(env.dependencies.items()):
        for file in sorted(str(file) for file in files):
            if not (src / file).resolve().is_relative_to(src.resolve()):
                path = Path(env.doc2path(name)).relative_to(src).as_posix()
                message = f"“{Path(file).name}” is not a file of the notes"
                span = assembled.origin(path, 1)
                yield diagnose("ERROR", message, OUTSIDE, span, assembled)


def _untitled(env: BuildEnvironment, assembled: Assembled) -> Iterator[Diagnostic]:
    """Chapters that no page and no table of contents could name."""
    for chapter in assembled.chapters:
        title = env.titles.get(docname(chapter))
        if title is None or title.astext() == _NO_TITLE:
            message = "the chapter does not begin with a title"
            yield error(Code.NOTES_WARNING, message, Span(chapter.path, 1, 1), _TITLE_HINT)


def _sweep(env: BuildEnvironment, out: Path) -> None:
    """Remove what an earlier build wrote and this one would not."""
    images = {name for _, name in env.images.values()}
    for path in (out / "_images").glob("*"):
        if path.name not in images:
            path.unlink()
    known = {*env.found_docs, *_OF_SPHINX}
    for path in out.rglob("*.html"):
        page = path.relative_to(out)
        if not page.parts[0].startswith("_") and page.with_suffix("").as_posix() not in known:
            path.unlink()


def _numbers(env: BuildEnvironment, docname: str) -> str:
    return str(sorted(env.toc_fignumbers.get(docname, {}).items()))


@dataclass(frozen=True)
class _Outdated:
    """The documents to be read again whether they have changed or not."""

    documents: frozenset[str]

    def find(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """For Sphinx's event ``env-get-outdated``."""
        return sorted(self.documents & env.found_docs)


def _collect(
    entries: list[str], failure: tuple[Diagnostic, ...], assembled: Assembled, work: Work
) -> SphinxRun:
    found: list[Diagnostic] = []
    complaining = {ENTIRELY} if failure else set()
    for entry in entries:
        if _NO_ROOM in entry:
            found.append(write_fault(OSError(errno.ENOSPC, _NO_ROOM), "the site"))
            complaining.add(ENTIRELY)
            continue
        if NOWHERE in entry or any(words in entry for words in _SAID_TWICE):
            continue
        match = _WARNING.match(entry)
        if match is None:
            found.append(diagnose("WARNING", entry.strip(), "", None, None))
            complaining.add(ENTIRELY)
            continue
        path, line = _source(match["place"] or "", work)
        kind = match["type"] or ""
        span = assembled.origin(path, line or int(kind == OUTSIDE)) if path else None
        text = _in_notes(match["text"], assembled, work)
        found.append(diagnose(match["level"], text, kind, span, assembled))
        own = path and not path.startswith(FROM_BANK)
        complaining.add(path.rsplit(".", 1)[0] if own else ENTIRELY)
    return SphinxRun((*found, *failure), frozenset(complaining))


def _source(place: str, work: Work) -> tuple[str, int]:
    """The path below the sources, and the line, of a place that Sphinx names."""
    match = _PLACE.match(place)
    assert match is not None
    path = Path(match["path"])
    if not path.is_relative_to(work.src):
        return "", 0
    return path.relative_to(work.src).as_posix(), int(match["line"] or 0)


def _in_notes(text: str, assembled: Assembled, work: Work) -> str:
    """With the author's folder in place of the working one."""
    for folder in (str(work.src), os.path.relpath(work.src)):
        text = text.replace(f"{folder}/", f"{assembled.notes}/")
    return text


def _reading(env: BuildEnvironment) -> str:
    """The document at which Sphinx gave up: the one it read, or one that leads to itself."""
    circles = (name for name in sorted(env.toctree_includes) if _leads_to(env, name, name))
    return env.current_document.docname or next(circles, "")


def _leads_to(env: BuildEnvironment, start: str, goal: str) -> bool:
    frontier, seen = [start], set[str]()
    while frontier:
        for name in env.toctree_includes.get(frontier.pop(), []):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                frontier.append(name)
    return False


def _chapter_span(docname: str, assembled: Assembled) -> Span | None:
    """The first line of the chapter that Sphinx knows by this name."""
    known = (assembled.origin(docname + ending, 1) for ending in (".md", ".rst"))
    return next((span for span in known if span is not None), None)


def _failure(fault: Exception, assembled: Assembled, work: Work, reading: str | None) -> Diagnostic:
    """Why Sphinx gave up; ``reading`` is the document at work, or None before there was one."""
    reason = _in_notes(str(fault).strip(), assembled, work)
    chain: BaseException | None = fault
    while chain is not None:
        if isinstance(chain, OSError) and is_refusal(chain):
            return write_fault(chain, "the working folder of the site")
        if type(chain).__module__.startswith("pybtex"):
            return _bibliography_fault(chain, assembled)
        if isinstance(chain, SyntaxError) and chain.filename == "notes/conf.py":
            message = f"the configuration cannot be read: {chain.msg}"
            return error(Code.NOTES_WARNING, message, _conf_span(assembled, chain.lineno or 1))
        for frame in reversed(traceback.extract_tb(chain.__traceback__)):
            if frame.filename == "notes/conf.py":
                return error(
                    Code.NOTES_WARNING,
                    f"the configuration fails: {type(chain).__name__}: {chain}",
                    _conf_span(assembled, frame.lineno or 0),
                )
        chain = chain.__cause__ or chain.__context__
    place = _chapter_span(reading, assembled) if reading else None
    if reading is None:  # Sphinx did not even begin
        place = _conf_span(assembled, 1)
    if isinstance(fault, RecursionError) or "maximum recursion depth" in reason:
        message = "directives, lists or pages are nested without end, or far too deeply"
        return error(Code.NOTES_WARNING, message, place or assembled.course.origin.span())
    lines = [line for line in reason.split("\n") if line.strip()]
    shown = f"{type(fault).__name__}: {lines[-1].strip() if lines else 'no reason given'}"
    message = f"Sphinx gave up: {shown}"
    return error(Code.NOTES_WARNING, message, place or assembled.course.origin.span())


def _bibliography_fault(fault: BaseException, assembled: Assembled) -> Diagnostic:
    line = re.search(r"line (\d+)", str(fault))
    place = Span(f"{assembled.notes}/{BIBLIOGRAPHY}", int(line[1]) if line else 1, 1)
    message = f"the bibliography cannot be read: {fault}"
    return error(Code.NOTES_WARNING, message, place, "mend the entry there")


def _conf_span(assembled: Assembled, line: int) -> Span:
    return assembled.origin(AUTHOR_CONF, line) or assembled.course.origin.span()
