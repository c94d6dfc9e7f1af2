"""An extension of its own: the results of a project as a file for other programs."""

import json
from collections.abc import Iterable, Set
from dataclasses import fields
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.typing import ExtensionMetadata

from notesbuild.sphinxext.book import book_domain
from notesbuild.sphinxext.domain import results_domain
from notesbuild.sphinxext.export import ResultRecord, latex_label


class NumbersBuilder(Builder):
    """Reads all documents and writes none: that is all it takes to number the results."""

    name = "notesbuild-numbers"

    def get_outdated_docs(self) -> str | Iterable[str]:
        """See the class."""
        return ()

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """See the class."""
        return ""

    def write_documents(self, docnames: Set[str]) -> None:
        """See the class."""

    def prepare_writing(self, docnames: Set[str]) -> None:
        """See the class."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """See the class."""


def write_results(app: Sphinx, exception: Exception | None) -> None:
    """Write every result, with its kind in the project's language and its name in LaTeX."""
    if exception is not None or not app.config.notesbuild_results:
        return
    domain = results_domain(app.env)
    names = [field.name for field in fields(ResultRecord)]
    records = [
        {name: getattr(record, name) for name in names}
        | {
            "name": domain.names[record.kind],
            "latex_label": latex_label(record.docname, record.anchor),
        }
        for record in book_domain(app.env).book().results
    ]
    path = Path(app.confdir, app.config.notesbuild_results)
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """``notesbuild_results`` names the file, relative to the configuration."""
    app.setup_extension("notesbuild.sphinxext")
    app.add_config_value("notesbuild_results", "", "", (str,))
    app.add_builder(NumbersBuilder)
    app.connect("build-finished", write_results)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
