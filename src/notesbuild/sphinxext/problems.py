"""The directives ``problem`` and ``problems``: problems of the bank as exercises of a chapter."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

from notesbuild.model.shown import ShownProblem, query_key
from notesbuild.practice.files import (
    FOLDER,
    ORIGINS,
    problem_name,
    query_name,
    read_problem_file,
    read_query_file,
)
from notesbuild.sphinxext.bank_folder import bank_folder, was_seen
from notesbuild.sphinxext.kinds import project_kinds
from notesbuild.sphinxext.nodes import problem_solution, result, result_title
from notesbuild.sphinxext.prose import ProseNodes
from notesbuild.sphinxext.report import Subtype, warn
from notesbuild.sphinxext.solutions import setup_solutions

KIND = "exercise"


class _ShowsProblems(SphinxDirective):
    """What both directives do."""

    def exercise(self, shown: ShownProblem) -> list[Node]:
        """The problem, and its solution if it is released."""
        kind = project_kinds(self.config).find(KIND)
        anchor = make_id(self.env, self.state.document, "", shown.id)
        node = result(
            kind=kind.name,
            style=kind.style.value,
            counter=kind.counter,
            label=shown.id,
            docname=self.env.docname,
            anchor=anchor,
            nonumber=False,
            classes=["problem", *self.options.get("class", [])],
        )
        self.set_source_info(node)
        node["ids"].append(anchor)
        self.state.document.note_explicit_target(node)
        node += self._title(shown)
        prose = self._prose(shown)
        node += prose.question(shown)
        if not shown.solution:
            return [node]
        solution = problem_solution(of=node["ids"][0], docname=self.env.docname)
        solution["ids"].append(make_id(self.env, self.state.document, "solution", shown.id))
        self.set_source_info(solution)
        solution += prose.of(shown.solution)
        return [node, solution]

    def _title(self, shown: ShownProblem) -> list[Node]:
        title = result_title("", "")
        self.set_source_info(title)
        messages: list[nodes.system_message] = []
        words = self.options.get("title", "")
        if words:
            title.rawsource = words
            children, messages = self.parse_inline(words, lineno=self.lineno)
            title += children
        return [title, *messages]

    def _prose(self, shown: ShownProblem) -> ProseNodes:
        folder = data_folder(self.config)
        bank = bank_folder(self.config)
        root = bank.parent if bank else folder / ORIGINS
        paths = dict(shown.pictures)

        def address(name: str) -> str:
            if bank is None:
                return f"/{FOLDER}/{shown.id}/{name}"
            return "/" + os.path.relpath(root / paths[name], self.env.srcdir).replace(os.sep, "/")

        return ProseNodes(
            self.state.document,
            self.env.docname,
            root,
            address,
            self.config.language,
            "points" in self.options,
        )

    def find(self, problem: str) -> list[Node]:
        """The problem with an id; nothing, and a warning, where there is none to be shown."""
        folder = data_folder(self.config)
        self.env.note_dependency(str(folder / problem_name(problem)))
        shown = read_problem_file(folder, problem)
        if shown is not None:
            return self.exercise(shown)
        self._missing(problem, f"the problem “{problem}” cannot be shown here")
        return []

    def _missing(self, key: str, message: str) -> None:
        """Say it, unless it was said with the reason when the sources were looked through."""
        if not was_seen(data_folder(self.config), key):
            hint = "it must stand in a chapter itself, not in a file that a chapter includes"
            if not self.config.notesbuild_bank and not self.config.notesbuild_problems:
                hint = "name the folder of the bank as notesbuild_bank in conf.py"
            source, line = self.get_source_info()
            warn(Subtype.PROBLEM, f"{message}: {hint}", f"{source}:{line}")


class ProblemDirective(_ShowsProblems):
    """``problem``: one problem, by its id."""

    required_arguments = 1
    option_spec: ClassVar = {
        "class": directives.class_option,
        "points": directives.flag,
        "solution": directives.unchanged_required,
        "title": directives.unchanged_required,
        "version": directives.unchanged_required,
    }

    def run(self) -> list[Node]:
        """Show it."""
        return self.find(self.arguments[0])


class ProblemsDirective(_ShowsProblems):
    """``problems``: those that a query finds."""

    option_spec: ClassVar = {
        "class": directives.class_option,
        "limit": directives.unchanged_required,
        "points": directives.flag,
        "solution": directives.unchanged_required,
        "sort": directives.unchanged_required,
        "where": directives.unchanged_required,
    }

    def run(self) -> list[Node]:
        """Show them."""
        folder = data_folder(self.config)
        key = query_key(*(self.options.get(name, "") for name in ("where", "sort", "limit")))
        self.env.note_dependency(str(folder / query_name(key)))
        found = read_query_file(folder, key)
        if found is None:
            self._missing(key, "this query was not answered")
        return [node for problem in found or () for node in self.find(problem)]


def data_folder(config: Config) -> Path:
    """Where the problems are laid out: by notesbuild, or by the extension itself."""
    return Path(config.notesbuild_problem_data)


def _find_folders(app: Sphinx, config: Config) -> None:
    """A directive knows the configuration, but not the folder that it is relative to."""
    own = config.notesbuild_problems
    data = Path(app.confdir, own) if own else Path(app.doctreedir, FOLDER)
    config.notesbuild_problem_data = str(data)
    if config.notesbuild_bank:
        config.notesbuild_bank_folder = str(Path(app.confdir, config.notesbuild_bank).resolve())


def _lay_out(app: Sphinx) -> None:
    if bank_folder(app.config) is not None:
        from notesbuild.sphinxext.bank import lay_out_bank  # a course of notesbuild needs none

        lay_out_bank(app, data_folder(app.config))


def _written_before(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Documents whose problems have changed since their pages were written.

    Sphinx sees this while it reads; what was read for one format it takes for written in all.
    """
    folder = data_folder(app.config)
    stale = []
    for docname in sorted(env.found_docs):
        files = [Path(env.srcdir, name) for name in env.dependencies.get(docname, ())]
        times = [one.stat().st_mtime_ns for one in files if one.parent == folder and one.exists()]
        page = _page(app, docname)
        if times and page is not None and page.exists() and page.stat().st_mtime_ns <= max(times):
            stale.append(docname)
    return stale


def _page(app: Sphinx, docname: str) -> Path | None:
    """The file that a builder writes for a document; None if it writes them all together."""
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder):
        return Path(builder.get_output_path(docname))
    suffix = getattr(builder, "out_suffix", "")
    return Path(builder.outdir, docname + suffix) if suffix else None


def setup_problems(app: Sphinx) -> None:
    """Problems and their solutions."""
    app.add_config_value("notesbuild_bank", "", "env", (str,))
    app.add_config_value("notesbuild_problems", "", "env", (str,))
    # Folders as this machine has them: nothing is read again because of them.
    app.add_config_value("notesbuild_problem_data", "", "", (str,))
    app.add_config_value("notesbuild_bank_folder", "", "", (str,))
    app.add_directive("problem", ProblemDirective)
    app.add_directive("problems", ProblemsDirective)
    app.connect("config-inited", _find_folders)
    app.connect("builder-inited", _lay_out)
    app.connect("env-get-updated", _written_before)
    setup_solutions(app)
