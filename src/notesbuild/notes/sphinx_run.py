"""Running Sphinx inside this process; it knows nothing of the project's records."""

from __future__ import annotations

import io
import json
import re
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx import locale
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace, patch_docutils

from notesbuild.diagnostics import Code, error
from notesbuild.notes.finding import quick_finding
from notesbuild.notes.inside import only_inside, stay_inside
from notesbuild.notes.offers import offers_read_once
from notesbuild.notes.shared import keep_what_is_shared
from notesbuild.notes.shares import share_work
from notesbuild.notes.sphinx_order import ENTIRELY, Fault, SphinxOrder, SphinxSaid
from notesbuild.notes.work import AUTHOR_CONF, BIBLIOGRAPHY, Work
from notesbuild.render.bytecode import keep_templates
from notesbuild.run.garbage import seldom_tidied
from notesbuild.run.publish import is_refusal, write_fault

# Pages that no document is behind.
_OF_SPHINX = ("genindex", "search")
_NO_TITLE = "<no title>"  # Sphinx's own words
_CONF = "notes/conf.py"
"""What an author's configuration is called in tracebacks."""


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


def run_sphinx(order: SphinxOrder) -> SphinxSaid:
    """Run a builder; what it says of the sources is told, whatever becomes of it."""
    work, builder = order.work, order.builder
    warnings = _Warnings()
    out = work.latex_of(order.form) if order.form else work.root / builder
    locale.translators.clear()  # or the words of an earlier course in another language stay
    said = SphinxSaid(())
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
                confoverrides={"notesbuild_variant": str(order.form)} if order.form else None,
                status=None,
                warning=warnings,
                freshenv=ENTIRELY in order.reread,
                parallel=order.jobs,
            )
            stay_inside(app)
            app.connect("env-get-outdated", _Outdated(order.reread).find)
            share_work(app)
            _keep_templates(app, work)
            if builder == "html":
                outline = _Outline(work.root / "outline.json")
                app.connect("env-get-updated", outline.compare, priority=990)
                app.connect("write-started", _trust_the_outline)
                keep_what_is_shared(app, work)
            app.build()
            said = SphinxSaid((), _titled(app.env), _outside(app.env))
            if builder == "html":
                _sweep(app.env, out)
        except Exception as fault:  # whatever an extension or a configuration does
            reading = _reading(app.env) if app is not None else None
            said = SphinxSaid((), fault=_fault(fault, app, reading))
            again = order.jobs > 1 and app is not None and not reading
    if again:
        # What went wrong in a process of its own is known by its place when it happens here.
        return run_sphinx(replace(order, jobs=1))
    return replace(said, warnings=tuple(warnings.entries))


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


def _outside(env: BuildEnvironment) -> tuple[tuple[str, str], ...]:
    """Whatever a chapter has read that does not belong to the project."""
    src = Path(env.srcdir)
    return tuple(
        (_path_of(env, name), Path(file).name)
        for name, files in sorted(env.dependencies.items())
        for file in sorted(str(file) for file in files)
        if not (src / file).resolve().is_relative_to(src.resolve())
    )


def _titled(env: BuildEnvironment) -> frozenset[str]:
    """Documents that a page or a table of contents can name."""
    return frozenset(n for n, title in env.titles.items() if title.astext() != _NO_TITLE)


def _path_of(env: BuildEnvironment, docname: str) -> str:
    return Path(env.doc2path(docname)).relative_to(env.srcdir).as_posix()


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


def _fault(fault: Exception, app: Sphinx | None, reading: str | None) -> Fault:
    """Why Sphinx gave up; ``reading`` is the document at work, or None before there was one."""
    chain: BaseException | None = fault
    while chain is not None:
        if isinstance(chain, OSError) and is_refusal(chain):
            return Fault(write_fault(chain, "the working folder of the site"))
        if type(chain).__module__.startswith("pybtex"):
            return _bibliography_fault(chain)
        if isinstance(chain, SyntaxError) and chain.filename == _CONF:
            message = f"the configuration cannot be read: {chain.msg}"
            return _conf_fault(message, chain.lineno or 1)
        for frame in reversed(traceback.extract_tb(chain.__traceback__)):
            if frame.filename == _CONF:
                message = f"the configuration fails: {type(chain).__name__}: {chain}"
                return _conf_fault(message, frame.lineno or 0)
        chain = chain.__cause__ or chain.__context__
    path = _path_of(app.env, reading) if app is not None and reading else ""
    if reading is None:  # Sphinx did not even begin
        path = AUTHOR_CONF
    reason = str(fault).strip()
    if isinstance(fault, RecursionError) or "maximum recursion depth" in reason:
        message = "directives, lists or pages are nested without end, or far too deeply"
        return Fault(error(Code.NOTES_WARNING, message), path)
    lines = [line for line in reason.split("\n") if line.strip()]
    shown = f"{type(fault).__name__}: {lines[-1].strip() if lines else 'no reason given'}"
    return Fault(error(Code.NOTES_WARNING, f"Sphinx gave up: {shown}"), path)


def _bibliography_fault(fault: BaseException) -> Fault:
    line = re.search(r"line (\d+)", str(fault))
    message = f"the bibliography cannot be read: {fault}"
    reason = error(Code.NOTES_WARNING, message, hint="mend the entry there")
    return Fault(reason, BIBLIOGRAPHY, int(line[1]) if line else 1)


def _conf_fault(message: str, line: int) -> Fault:
    return Fault(error(Code.NOTES_WARNING, message), AUTHOR_CONF, line)
