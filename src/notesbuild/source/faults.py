"""What pydantic finds wrong with a value, in the words of somebody who writes a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_NUMBER = "a whole number is expected"
_LIST = "a list is expected, such as [a, b]"
_KEYS = "keys with values are expected"
_TIME = 'a time is written like "09:30"'
_DAY = "a day is written like 2027-03-05"
_WORDS: Mapping[str, str] = {
    "less_than_equal": "{input} is more than {le}",
    "less_than": "it must be less than {lt}",
    "greater_than_equal": "{input} is less than {ge}",
    "greater_than": "it must be greater than {gt}",
    "too_short": "at least {min_length} expected, and there are {actual_length}",
    "string_too_short": "the text is empty",
    "string_type": "text is expected",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), _NUMBER),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type"), "a number is expected"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false is expected"),
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "mapping_type"), _KEYS),
    **dict.fromkeys(("time_type", "time_parsing"), _TIME),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), _DAY),
}
CHOICES = frozenset({"enum", "literal_error"})
ABSENT = frozenset({"missing", "extra_forbidden"})
"""Of keys that are not there, or that should not be."""
_FORM = re.compile(r"_(?:type|parsing|error)$|^enum$|^int_from_float$")


def in_words(fault: Any) -> tuple[str, str | None]:
    """What is wrong, and a hint where there is a better one than the usual."""
    words = _WORDS.get(fault["type"])
    given = fault["input"]
    if words is None:
        return fault["msg"].removeprefix("Value error, "), None
    hint = None
    if (
        fault["type"] == "string_type"
        and isinstance(given, int | float)
        and not isinstance(given, bool)
    ):
        hint = f'put it in quotes: "{given}"'
    return words.format(input=given, **fault.get("ctx", {})), hint


def causes(faults: Sequence[Any]) -> Iterator[Any]:
    """Faults without those that only follow.

    A list is "too short" when its items are wrong, and a value that may have two forms is told
    of the one that it nearly has.
    """
    around = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    forms: dict[object, list[Any]] = {}
    for fault in faults:
        forms.setdefault(_value(fault), []).append(fault)
    for fault in faults:
        if fault["type"] == "too_short" and fault["loc"] in around:
            continue
        beside = (other for other in forms[_value(fault)] if _other_form(other, fault))
        if not any(_rank(other) < _rank(fault) for other in beside):
            yield fault


def _value(fault: Any) -> tuple[object, int]:
    """What tells a value from all others: where it stands, and which it is."""
    return fault["loc"][:-1], id(fault["input"])


def _other_form(one: Any, other: Any) -> bool:
    """Whether the same value lacks another form, too."""
    return {one["type"], other["type"]}.isdisjoint(ABSENT) and one["loc"] != other["loc"]


def _rank(fault: Any) -> int:
    """A value out of bounds has the right form; else the words that may stand there say most."""
    if not _FORM.search(fault["type"]):
        return 0
    return 1 if fault["type"] in CHOICES else 2
