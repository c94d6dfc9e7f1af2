"""YAML with positions: plain data, and the line and column of every key and value.

The schema is YAML 1.2's core schema with dates: ``no``, ``on`` and ``12:30`` stay text.
"""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from notesbuild.diagnostics import Code, Diagnostic, Origin, Outcome, Span, error
from notesbuild.diagnostics.values import Location
from notesbuild.source.faults import ABSENT, CHOICES, causes, in_words

M = TypeVar("M", bound=BaseModel)

MAX_DEPTH = 60

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}
    depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        # libyaml's composer recurses on the C stack: nesting without end would crash Python.
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.YAMLError(f"the mapping is nested more than {MAX_DEPTH} levels deep")
        super().descend_resolver(current_node, current_index)

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()


def _resolve(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_resolve("null", r"^(?:~|null|Null|NULL|)$", "~nN")
_Loader.yaml_implicit_resolvers.setdefault("", []).append(
    ("tag:yaml.org,2002:null", re.compile("^$"))
)
_resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_resolve("int", r"^[-+]?[0-9]+$", "-+0123456789")
_resolve("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")
_resolve("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789")


@dataclass(frozen=True)
class Shift:
    """Where YAML text stands in its file: lines above it, and columns in front of it."""

    lines: int = 0
    columns: int = 0


@dataclass
class _Reader:
    path: str
    shift: Shift
    places: dict[Location, tuple[int, int]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    open_nodes: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def span(self, mark: Any) -> Span:
        return Span(self.path, *self._place(mark))

    def _place(self, mark: Any) -> tuple[int, int]:
        return mark.line + 1 + self.shift.lines, mark.column + 1 + self.shift.columns

    def read(self, node: Any, location: Location) -> Any:
        self.places.setdefault(location, self._place(node.start_mark))
        if id(node) in self.seen:
            message = "anchors and aliases are not supported"
            self.problems.append(error(Code.YAML_ALIAS, message, self.span(node.start_mark)))
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, location)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*location, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: Any, location: Location) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                message = "a key must be a word"
                span = self.span(key_node.start_mark)
                self.problems.append(error(Code.YAML_SYNTAX, message, span))
                continue
            key = key_node.value
            if key in result:
                message = f"the key {key!r} stands here for the second time"
                self.problems.append(
                    error(Code.DUPLICATE_KEY, message, self.span(key_node.start_mark))
                )
                continue
            self.places[(*location, key)] = self._place(key_node.start_mark)
            result[key] = self.read(value_node, (*location, key))
        return result

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        try:
            if kind == "null":
                return None
            if kind == "bool":
                return text.lower() == "true"
            if kind == "int":
                return int(text)
            if kind == "float":
                return float(text)
            if kind == "timestamp":
                return datetime.date.fromisoformat(text)
        except ValueError as fault:
            span = self.span(node.start_mark)
            self.problems.append(error(Code.WRONG_VALUE, f"{text}: {fault}", span))
            return None
        return text


def parse(text: str, path: str, shift: Shift = Shift()) -> Outcome[tuple[Any, Origin]]:
    """Plain data and its origin; data is None where the YAML cannot be read."""
    reader = _Reader(path, shift)
    nowhere = (None, Origin(path))
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        span = reader.span(mark) if mark else Span(path, 1, 1)
        reason = " ".join(part for part in (fault.context, fault.problem) if part)
        return Outcome(nowhere, (error(Code.YAML_SYNTAX, reason, span),))
    except (yaml.YAMLError, ValueError) as fault:
        line = 1 + shift.lines
        return Outcome(nowhere, (error(Code.YAML_SYNTAX, str(fault), Span(path, line, 1)),))
    finally:
        loader.dispose()
    data = reader.read(node, ()) if node is not None else None
    origin = Origin(path, tuple(reader.places.items()))
    return Outcome((data, origin), tuple(reader.problems))


def read_record(
    text: str,
    path: str,
    model: type[M],
    *,
    shift: Shift = Shift(),
    extra: Mapping[str, Any] | None = None,
) -> Outcome[M | None]:
    """A validated record from YAML, or every reason why there is none."""
    parsed = parse(text, path, shift)
    data, origin = parsed.value
    if parsed.diagnostics:
        return Outcome(None, parsed.diagnostics)
    return validate_mapping(data, origin, model, Span(path, 1 + shift.lines, 1), extra)


def validate_mapping(
    data: Any,
    origin: Origin,
    model: type[M],
    head: Span,
    extra: Mapping[str, Any] | None = None,
) -> Outcome[M | None]:
    """Like :func:`validate`, for data that need not be a mapping; ``head`` is its first line."""
    if data is None:
        message = f"there is nothing here; {model.__name__.lower()} keys are expected"
        return Outcome(None, (error(Code.MISSING_KEY, message, head),))
    if not isinstance(data, dict):
        message = "a mapping of keys is expected here"
        return Outcome(None, (error(Code.WRONG_VALUE, message, head),))
    return validate(data, origin, model, extra)


def validate(
    data: Mapping[str, Any],
    origin: Origin,
    model: type[M],
    extra: Mapping[str, Any] | None = None,
) -> Outcome[M | None]:
    """A record from plain data; pydantic's errors become diagnostics at the author's keys."""
    context = dict(extra or {})
    if "origin" in model.model_fields:
        context["origin"] = origin
    # Keys that only the program sets (such as a course's name) are unknown in a file.
    reserved = {name for name, f in model.model_fields.items() if f.exclude}
    intruders = tuple(_unknown_key(key, model, origin.span(key)) for key in data if key in reserved)
    try:
        record = model.model_validate({**data, **context})
    except ValidationError as fault:
        found = [_diagnose(e, origin, model) for e in causes(fault.errors(include_url=False))]
        return Outcome(None, (*intruders, *found))
    return Outcome(None if intruders else record, intruders)


def _diagnose(fault: Any, origin: Origin, model: type[BaseModel]) -> Diagnostic:
    location = tuple(part for part in fault["loc"] if _is_place(part, fault, origin))
    name = ".".join(str(part) for part in location)
    if fault["type"] == "extra_forbidden":
        inner = _model_at(model, location[:-1])
        return _unknown_key(str(location[-1]), inner, origin.span(*location))
    if fault["type"] == "missing":
        span = origin.span(*location[:-1])
        owner = ".".join(str(p) for p in location[:-1])
        inside = f" in {owner}" if owner else ""
        return error(Code.MISSING_KEY, f"the key {location[-1]!r} is missing{inside}", span)
    if fault["type"] in CHOICES:
        return _not_one_of(fault, name, origin.span(*location))
    message, hint = in_words(fault)
    full = f"{name}: {message}" if name else message
    return error(Code.WRONG_VALUE, full, origin.span(*location), hint)


def _is_place(part: Any, fault: Any, origin: Origin) -> bool:
    """Pydantic adds names of union members and ``[key]`` to locations; they are no keys."""
    if isinstance(part, int):
        return True
    if part == "[key]":
        return False
    keys = {p for place, _ in origin.places for p in place}
    return part in keys or (part == fault["loc"][-1] and fault["type"] in ABSENT)


def _unknown_key(key: str, model: type[BaseModel] | None, span: Span) -> Diagnostic:
    known = [] if model is None else _keys(model)
    close = get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else None
    if hint is None and known:
        hint = "known keys are: " + ", ".join(known)
    return error(Code.UNKNOWN_KEY, f"unknown key {key!r}", span, hint)


def _keys(model: type[BaseModel]) -> list[str]:
    """The keys of a record as a file has them."""
    return [field.alias or n for n, field in model.model_fields.items() if not field.exclude]


def _not_one_of(fault: Any, name: str, span: Span) -> Diagnostic:
    expected = str(fault.get("ctx", {}).get("expected", ""))
    options = re.findall(r"'([^']*)'", expected)
    close = get_close_matches(str(fault["input"]), options, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "it may be: " + ", ".join(options)
    return error(Code.WRONG_VALUE, f"{name}: {fault['input']!r} is not known here", span, hint)


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """The model whose keys stand at ``location``."""
    current: Any = model
    for part in location:
        if isinstance(current, type) and issubclass(current, BaseModel) and isinstance(part, str):
            fields = current.model_fields.items()
            current = next((f.annotation for n, f in fields if part == (f.alias or n)), None)
        else:
            current = _item_type(current)
        current = _strip_optional(current)
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _strip_optional(annotation: Any) -> Any:
    """What a value is, besides None and besides text that may stand in its place."""
    if get_origin(annotation) is Annotated:
        return _strip_optional(get_args(annotation)[0])
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    arguments = [_strip_optional(a) for a in get_args(annotation)]
    arguments = [a for a in arguments if a not in (type(None), str)]
    return arguments[0] if len(arguments) == 1 else annotation


def _item_type(annotation: Any) -> Any:
    arguments = [a for a in get_args(annotation) if a is not Ellipsis]
    return _strip_optional(arguments[-1]) if arguments else None
