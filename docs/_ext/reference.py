"""Reference pages that are made from the code: records, commands, diagnostics, lists.

Each ``..._text`` function gives Markdown; the directives only put it on a page.
"""

from __future__ import annotations

import ast
import inspect
import re
import types
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

import click
from docutils import nodes
from docutils.parsers.rst import Directive
from pydantic.fields import FieldInfo
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from notesbuild.cli.main import cli
from notesbuild.diagnostics import Code
from notesbuild.model.base import Range, Record, minutes_from
from notesbuild.model.course import Course
from notesbuild.model.exam import Blueprint, Lock
from notesbuild.model.problem import Metadata
from notesbuild.model.project import Settings
from notesbuild.model.where import FIELDS
from notesbuild.practice.plan import OPTIONS
from notesbuild.render.environment import FILTERS, TESTS
from notesbuild.render.parameters import CONSTANTS, FUNCTIONS
from notesbuild.sphinxext.kinds import KINDS
from notesbuild.sphinxext.report import Subtype

FILES: dict[str, type[Record]] = {
    "settings": Settings,
    "course": Course,
    "problem": Metadata,
    "blueprint": Blueprint,
    "lock": Lock,
}
_PLAIN = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "`true` or `false`",
    "date": "date",
    "time": "time of day",
}
_HEADING = re.compile(r"^## (?:\((?P<label>[\w-]+)\) )?(?P<title>.+)$", re.M)
_FIELD_WORDS = {"parametric": "Whether the problem has parameters.", "id": "The problem's id."}


# --- Records --------------------------------------------------------------------------


def words_of(record: type) -> dict[str, str]:
    """The docstring below each attribute of a class or member of an enum."""
    tree = ast.parse(inspect.getsource(record).strip()).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, after in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                found[field.target.id] = str(after.value.value)
            elif isinstance(field, ast.Assign) and isinstance(field.targets[0], ast.Name):
                found[field.targets[0].id] = str(after.value.value)
    fields = getattr(record, "model_fields", {})
    return {(name in fields and fields[name].alias) or name: said for name, said in found.items()}


def keys_of(record: type[Record]) -> Iterator[tuple[str, FieldInfo]]:
    """The keys that an author can write."""
    fields = record.model_fields.items()
    return ((field.alias or name, field) for name, field in fields if not field.exclude)


def records_in(record: type[Record]) -> tuple[type[Record], ...]:
    """A record and all records inside it, each once, in order of appearance."""
    found: dict[type[Record], None] = {record: None}
    for _, field in keys_of(record):
        for inner in _inner_records(field.annotation):
            found.update(dict.fromkeys(records_in(inner)))
    return tuple(found)


def record_text(record: type[Record]) -> str:
    """Tables of the keys of a record and of everything inside it."""
    tables = []
    for part in records_in(record):
        if part is Range:
            continue
        if part is record:
            tables.append(_table(part))
            continue
        heading = f"## (keys-{part.__name__.lower()}) {_title(part)}"
        tables.append(f"{heading}\n\n{inspect.cleandoc(part.__doc__ or '')}\n\n{_table(part)}")
    return "\n\n".join(tables)


def _title(record: type[Record]) -> str:
    letters = (f" {c.lower()}" if c.isupper() else c for c in record.__name__)
    return "".join(letters).strip().capitalize()


def _table(record: type[Record]) -> str:
    words = words_of(record)
    rows = [("key", "form", "default", "meaning")]
    rows += [
        (f"`{name}`", _form_of(field), _default(field), words.get(name, ""))
        for name, field in keys_of(record)
    ]
    lines = ["* - " + "\n  - ".join(row) for row in rows]
    head = ":::{list-table}\n:header-rows: 1\n:widths: 16 22 16 46\n"
    return "\n".join([head, *lines, ":::"])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, Record) or default in (None, (), {}, ""):
        return "–"
    if isinstance(default, tuple):
        return f"`[{', '.join(map(str, default))}]`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _form_of(field: FieldInfo) -> str:
    if any(getattr(rule, "func", None) is minutes_from for rule in field.metadata):
        return "duration"
    return "duration" if "minutes_from" in repr(field.annotation) else _form(field.annotation)


def _form(annotation: Any) -> str:
    """How a value is written, in words."""
    if hasattr(annotation, "__metadata__"):
        return _form(annotation.__origin__)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        forms = [_form(a) for a in arguments if a is not type(None)]
        return " or ".join(dict.fromkeys(forms))
    if origin is Literal:
        return " or ".join(f"`{a}`" for a in arguments)
    if origin is tuple:
        return f"list of {_form(arguments[0])}"
    if origin is dict:
        return f"mapping from names to {_form(arguments[1])}"
    if annotation is Range:
        return "[range](#ranges)"
    if inspect.isclass(annotation) and issubclass(annotation, Record):
        return f"[{_title(annotation).lower()}](#keys-{annotation.__name__.lower()})"
    if inspect.isclass(annotation) and issubclass(annotation, StrEnum):
        return "one of the words"
    return _PLAIN[annotation.__name__]


def _inner_records(annotation: Any) -> Iterator[type[Record]]:
    if inspect.isclass(annotation) and issubclass(annotation, Record):
        yield annotation
    for argument in get_args(annotation):
        yield from _inner_records(argument)


# --- Commands -------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name."""
    yield from _commands("notesbuild", cli)


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for below, inner in command.commands.items():
            yield from _commands(f"{name} {below}", inner)
    else:
        yield name, command


def options_of(command: click.Command) -> tuple[click.Option, ...]:
    """The options of a command, without ``--help``."""
    return tuple(p for p in command.params if isinstance(p, click.Option))


def commands_text() -> str:
    """A section for every command, with its usage and options."""
    general = _options(cli)
    return "\n\n".join(
        [
            "Before the command stand the options that all commands share:\n\n" + general,
            *(_command_text(name, command) for name, command in commands()),
        ]
    )


def _command_text(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    text = inspect.cleandoc(command.help or "")
    return f"## {name}\n\n```text\n{name} {usage}\n```\n\n{text}\n\n{_options(command)}"


def _options(command: click.Command) -> str:
    lines = []
    for option in options_of(command):
        value = "" if option.is_flag else f" {_value(option, command)}"
        default = f" Default: `{option.default}`." if option.show_default else ""
        lines.append(f"`{', '.join(option.opts)}{value}`\n: {option.help}{default}")
    return "\n\n".join(lines)


def _value(option: click.Option, command: click.Command) -> str:
    counted = isinstance(option.type, click.IntRange)
    return "N" if counted else option.make_metavar(click.Context(command))


# --- Diagnostics ----------------------------------------------------------------------


def codes_text() -> str:
    """Every code, with what it means and what to do."""
    entries = []
    for code in Code:
        status = f" Exit code {code.status}." if code.status != 1 else ""
        entries.append(
            f"(code-{code.slug})=\n`{code.slug}`\n: {code.summary}{status} *{code.remedy}*"
        )
    return "\n\n".join(entries)


# --- Lists ----------------------------------------------------------------------------


def fields_text() -> str:
    """What a query can ask about."""
    words = words_of(Metadata) | _FIELD_WORDS
    return "\n\n".join(f"`{name}`\n: {words[name]}" for name in FIELDS)


def warnings_text() -> str:
    """The subtypes of the extension's warnings."""
    words = words_of(Subtype)
    return "\n\n".join(f"`notesbuild.{s.value}`\n: {words[s.name]}" for s in Subtype)


def problem_options_text() -> str:
    """The options of the directives that show problems."""
    return "\n\n".join(
        f"`{name}`\n: " + "\n  ".join(f"`:{option}:` {words}  " for option, words in known.items())
        for name, known in OPTIONS.items()
    )


def _words(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


TEXTS = {
    "commands": commands_text,
    "codes": codes_text,
    "fields": fields_text,
    "warnings": warnings_text,
    "problem-options": problem_options_text,
    "functions": lambda: _words([*FUNCTIONS, *CONSTANTS]),
    "filters": lambda: _words(FILTERS),
    "tests": lambda: _words(TESTS),
    "kinds": lambda: _words(f"prf:{kind.name}" for kind in KINDS),
    **{name: (lambda record=record: record_text(record)) for name, record in FILES.items()},
}


class FromCode(SphinxDirective):
    """``{from-code} NAME``: what the code says of its own commands, keys and words."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """What stands above the first heading, then a section for each heading."""
        above, *rest = _HEADING.split(TEXTS[self.arguments[0]]())
        found = self.parse_text_to_nodes(above)
        for label, title, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            found.append(self._section(label or nodes.make_id(title), title, text))
        return found

    def _section(self, label: str, title: str, text: str) -> nodes.section:
        section = nodes.section("", nodes.title(title, title), names=[label])
        section += self.parse_text_to_nodes(text)
        self.state.document.note_explicit_target(section)
        return section


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    directive: type[Directive] = FromCode
    app.add_directive("from-code", directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
