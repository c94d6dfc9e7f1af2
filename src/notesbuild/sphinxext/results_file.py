"""An extension of its own: the results of a project as a file for other programs."""

import json
from dataclasses import asdict
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from notesbuild.sphinxext.export import collect_results, latex_label


def write_results(app: Sphinx, exception: Exception | None) -> None:
    """Write every result, with its name in LaTeX's ``.aux`` file."""
    if exception is not None or not app.config.notesbuild_results:
        return
    records = [
        asdict(record) | {"latex_label": latex_label(record.docname, record.anchor)}
        for record in collect_results(app.env)
    ]
    path = Path(app.confdir, app.config.notesbuild_results)
    path.write_text(json.dumps(records, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """``notesbuild_results`` names the file, relative to the configuration."""
    app.setup_extension("notesbuild.sphinxext")
    app.add_config_value("notesbuild_results", "", "", (str,))
    app.connect("build-finished", write_results)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
