"""The file of macros of a project, as a part of its configuration."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from notesbuild.render.macros import Macro, macro_problems, read_macros
from notesbuild.sphinxext.report import Subtype, warn


def project_macros(config: Config) -> tuple[Macro, ...]:
    """The macros of the project."""
    return read_macros(config.notesbuild_macro_text)


def _read_macro_file(app: Sphinx, config: Config) -> None:
    """Keep the text as a value of the configuration: a change of it rebuilds every page."""
    if not config.notesbuild_macros:
        return
    path = Path(app.confdir, config.notesbuild_macros)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        warn(Subtype.MACROS, f"the file of macros cannot be read: {reason}", f"{path}:1")
        return
    config.notesbuild_macro_text = text
    for problem in macro_problems(text):
        warn(Subtype.MACROS, problem.message, f"{path}:{problem.line}:{problem.column}")


def setup_macros(app: Sphinx) -> None:
    """The configuration value ``notesbuild_macros``."""
    app.add_config_value("notesbuild_macros", "", "env", (str,))
    app.add_config_value("notesbuild_macro_text", "", "env", (str,))
    app.connect("config-inited", _read_macro_file, priority=400)
