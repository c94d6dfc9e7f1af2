"""The kinds of results of a project: directives, counters, HTML classes, LaTeX environments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.locale import get_translation

from notesbuild.model.usual_kinds import BUILT_IN, SHARED, Style, title_in
from notesbuild.model.words import MESSAGES, base_language, has_words, say
from notesbuild.sphinxext.macros import project_macros

if TYPE_CHECKING:
    from notesbuild.model.kinds import KindTable

CATALOG = "proof"
"""sphinx-proof's catalogue of messages, which has the names of its kinds in many languages."""

COUNTER = "result"
"""The counter that kinds share, in Sphinx's table of numbers and in LaTeX."""

_DEPTHS = {"chapter": 1, "section": 2}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of result; ``name`` is its directive, its CSS class and its LaTeX environment.

    ``titles`` is what an author calls it: text, or a mapping from languages to texts.
    """

    name: str
    style: Style
    counter: str = COUNTER
    titles: Any = None

    @property
    def title(self) -> str:
        """Its name in English, which for the usual kinds is the key of its translations."""
        return title_in(self.titles, self.name, "en")

    def shown(self, language: str | None) -> str:
        """What readers of a language see."""
        if self.titles is None and self.title in MESSAGES:
            return translate(self.title, language)
        return title_in(self.titles, self.name, base_language(language))


@dataclass(frozen=True)
class Kinds:
    """All kinds of a project; ``depths`` are those of counters that a project configures."""

    every: tuple[Kind, ...]
    depths: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> Mapping[str, Kind]:
        return {kind.name: kind for kind in reversed(self.every)}

    def find(self, name: str) -> Kind:
        """The kind of a name."""
        return self._by_name[name]

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """The counters in use, the shared one first."""
        return tuple(dict.fromkeys([COUNTER, *(kind.counter for kind in self.every)]))


KINDS: tuple[Kind, ...] = tuple(Kind(name, style) for name, style in BUILT_IN.items())
"""The usual kinds; `project_kinds` are those of a project."""


def project_kinds(config: Config) -> Kinds:
    """The usual kinds and those of the configuration, with their counters."""
    if not (config.notesbuild_kinds or config.notesbuild_counters):
        return Kinds(KINDS)
    table = _table(config)
    chosen = {name: key for key, entry in table.counters.items() for name in entry.kinds}
    chosen |= {entry.name: entry.counter for entry in table.kinds if entry.counter}
    usual = (Kind(name, style, _counter(chosen.get(name))) for name, style in BUILT_IN.items())
    own = (
        Kind(entry.name, entry.style, _counter(chosen.get(entry.name)), entry.title or "")
        for entry in table.kinds
    )
    depths = {_counter(name): _DEPTHS[entry.by] for name, entry in table.counters.items()}
    return Kinds((*usual, *own), depths)


def translate(message: str, language: str | None) -> str:
    """A word of ours in the language of the project; English where none is known."""
    if message in MESSAGES and has_words(language):
        return say(message, language)
    return str(get_translation(CATALOG)(message))


def latex_declarations(kinds: Kinds, language: str | None) -> str:
    """Declare every kind as an amsthm environment on its counter."""
    lines = [rf"\newcounter{{{counter}}}" for counter in kinds.counters]
    for style in Style:
        lines.append(rf"\theoremstyle{{nb{style}}}")
        lines += _environments((k for k in kinds.every if k.style is style), language)
    lines.append(rf"\renewcommand{{\proofname}}{{{translate('Proof', language)}}}")
    return "\n".join(lines)


def _environments(kinds: Iterable[Kind], language: str | None) -> Iterable[str]:
    for kind in kinds:
        name = kind.shown(language)
        yield rf"\newtheorem{{{kind.name}}}[{kind.counter}]{{{name}}}"
        yield rf"\newtheorem*{{{kind.name}*}}{{{name}}}"


def _counter(name: str | None) -> str:
    return COUNTER if name in (None, SHARED) else f"{COUNTER}-{name}"


def _table(config: Config) -> KindTable:
    from pydantic import ValidationError

    from notesbuild.model.kinds import KindTable  # most projects have the usual kinds only

    try:
        return KindTable.model_validate(
            {"kinds": config.notesbuild_kinds, "counters": config.notesbuild_counters}
        )
    except ValidationError as fault:
        lines = [f"{_place(e['loc'])}: {_reason(e)}" for e in fault.errors(include_url=False)]
        raise ConfigError("\n".join(lines)) from fault


def _place(location: tuple[int | str, ...]) -> str:
    """``notesbuild_kinds[0]['name']``, as Python would name it."""
    first, *rest = location
    return f"notesbuild_{first}{''.join(f'[{part!r}]' for part in rest)}"


def _reason(fault: Mapping[str, Any]) -> str:
    """Pydantic's words, which speak of an enum where an author sees a choice."""
    expected = fault.get("ctx", {}).get("expected")
    return f"{fault['input']!r} is not one of {expected}" if expected else str(fault["msg"])


def _check_kinds(app: Sphinx, config: Config) -> None:
    macros = {macro.name for macro in project_macros(config)}
    for kind in project_kinds(config).every:
        if kind.name in macros and kind.name not in BUILT_IN:
            message = f"\\{kind.name} is a macro, so that no kind of results can have that name"
            raise ConfigError(f"notesbuild_kinds: {message}")


def setup_kinds(app: Sphinx) -> None:
    """The configuration values ``notesbuild_kinds`` and ``notesbuild_counters``."""
    app.add_config_value("notesbuild_kinds", [], "env", (list, tuple))
    app.add_config_value("notesbuild_counters", {}, "env", (dict,))
    # The macros are there by then.
    app.connect("config-inited", _check_kinds, priority=415)
