"""What all records share: they are frozen, refuse unknown keys, and know their origin."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from notesbuild.diagnostics import Origin
from notesbuild.model.names import ID_PATTERN


class Record(BaseModel):
    """A mapping in an author's file."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )


class FileRecord(Record):
    """A whole file; ``origin`` leads from its keys to their lines."""

    origin: Origin = Field(default=Origin(""), exclude=True, repr=False)


def _no_nan(value: float) -> float:
    if math.isnan(value):
        raise ValueError("nan is no number")
    return value


Number = Annotated[float, AfterValidator(_no_nan)]


class Range(Record):
    """A closed range; an open end is None. Written as a number, ``[lo, hi]`` or ``{min, max}``."""

    min: Number | None = None
    """The lowest value; none if left out."""
    max: Number | None = None
    """The highest value; none if left out."""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return {"min": value, "max": value}
        if isinstance(value, (list, tuple)):
            if len(value) != 2:
                raise ValueError("a range is a number, [lowest, highest] or {min: …, max: …}")
            return {"min": value[0], "max": value[1]}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.min is None and self.max is None:
            raise ValueError("a range needs min, max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"the range is empty: {self.min:g} is more than {self.max:g}")
        return self

    def __contains__(self, number: float) -> bool:
        low = self.min is None or number >= self.min
        return low and (self.max is None or number <= self.max)

    def __str__(self) -> str:
        if self.min == self.max:
            return f"{self.min:g}"
        if self.min is None:
            return f"at most {self.max:g}"
        if self.max is None:
            return f"at least {self.min:g}"
        return f"{self.min:g} to {self.max:g}"


_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)\s*h)?\s*(?:(\d+)\s*(?:min|m)?)?", re.ASCII)


def minutes_from(value: Any) -> Any:
    """Minutes from ``4h``, ``90min``, ``1h30`` or a plain number of minutes."""
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        if not found or not any(found.groups()):
            raise ValueError("a duration is written like 4h, 90min or 1h30")
        return round(float(found[1] or 0) * 60) + int(found[2] or 0)
    return value


Minutes = Annotated[int, BeforeValidator(minutes_from), Field(gt=0, le=24 * 60)]

Id = Annotated[str, Field(pattern=f"^{ID_PATTERN}$")]
