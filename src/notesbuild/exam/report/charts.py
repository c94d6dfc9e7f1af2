"""Charts as SVG inside the page, drawn by pygal.

What is drawn depends on the numbers alone: pygal's script, its styles, its identifiers and the
day on which it ran are taken out. Colours and type come from the page, in light and in dark.
"""

from __future__ import annotations

import math
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from notesbuild.exam.report.words import shown

WIDTH = 380
_ROW = 26
_FOOT = 34
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_TYPE = 11
_COMMON: dict[str, Any] = {
    "css": (),
    "js": (),
    "classes": (),
    "width": WIDTH,
    "show_legend": False,
    "disable_xml_declaration": True,
    "margin": 6,
    "max_scale": 6,
    "min_scale": 3,
    "zero": 0,
}
# What only pygal's own script would read or show.
_UNUSED = {"overlay", "text-overlay", "tooltip-overlay", "titles", "background"}


@dataclass(frozen=True)
class Series:
    """A part of every bar: its name, and its size in each."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing, with what its axis counts.

    ``scale`` names its colours, ``legend`` what they stand for, in their order.
    """

    title: str
    counted: str
    svg: str
    scale: str = "kinds"
    legend: tuple[str, ...] = ()


def stacked_bars(
    key: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    unit: str,
    scale: str = "kinds",
) -> Chart:
    """A bar for each label, from the top, of parts in the order of the series."""
    height = _FOOT + _ROW * len(labels)
    chart = library().HorizontalStackedBar(**_options(), height=height, spacing=6)
    chart.x_labels = list(reversed(labels))
    for part in series:
        chart.add(part.name, list(reversed(part.values)))
    told = "; ".join(
        f"{label}: " + ", ".join(f"{part.name} {shown(part.values[row])}" for part in series)
        for row, label in enumerate(labels)
    )
    names = tuple(part.name for part in series)
    legend = names if len(names) > 1 else ()
    return Chart(title, unit, _svg(chart, key, title, f"{told} ({unit})", names), scale, legend)


def histogram(
    key: str, title: str, values: Mapping[float, int], *, smallest: float, noun: str
) -> Chart:
    """How many values lie where; ``smallest`` is the narrowest bin, the unit of the values.

    ``values`` tells how often each value occurs.
    """
    edges, labels = bins(tuple(values), smallest)
    counts = [0] * (len(edges) - 1)
    for value, often in values.items():
        place = sum(value >= edge - 1e-9 for edge in edges[1:-1])
        counts[place] += often
    chart = library().Histogram(**_options(), height=170)
    chart.x_labels = labels
    chart.x_value_formatter = shown
    chart.value_formatter = shown
    chart.y_labels = _counts_axis(max(counts))
    found = list(zip(counts, edges, edges[1:], strict=False))
    chart.add(noun, found)
    told = "; ".join(f"{shown(a)} to {shown(b)}: {number}" for number, a, b in found if number)
    counted = f"number of {noun}"
    return Chart(title, counted, _svg(chart, key, title, f"{told} ({counted})", ()))


def bins(values: Sequence[float], smallest: float) -> tuple[list[float], list[float]]:
    """Edges of at most fifteen equal bins around all values, and what the axis names.

    Bins as narrow as the unit stand around its multiples, which are named; wider ones are
    named by their edges.
    """
    low, high = min(values), max(values)
    step = smallest * _round_number((high - low) / smallest / 14)
    shift = 0.5 if step == smallest else 0.0
    first, last = (math.floor(end / step + shift + 1e-9) for end in (low, high))
    edges = [round((n - shift) * step, 6) for n in range(first, last + 2)]
    centres = [round(n * step, 6) for n in range(first, last + 1)]
    return edges, centres if shift else edges


def _counts_axis(most: int) -> list[int]:
    step = _round_number(most / 4)
    return list(range(0, most + step, step))


def _round_number(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, … that is not less."""
    return next(
        f * int(10**power) for power in range(18) for f in (1, 2, 5) if f * 10**power >= least
    )


@lru_cache(maxsize=1)
def library() -> Any:
    """pygal, when it is needed."""
    # An exam in which nothing has changed is not drawn again, and does not wait for it.
    import pygal  # noqa: PLC0415

    # It leaves an importer for its plug-ins, of a kind that Python warns of ever after.
    sys.meta_path[:] = [item for item in sys.meta_path if type(item).__module__ != "pygal"]
    return pygal


def _options() -> dict[str, Any]:
    style = library().style.Style(label_font_size=_TYPE, major_label_font_size=_TYPE)
    return {**_COMMON, "style": style}


def _svg(chart: Any, key: str, title: str, description: str, names: tuple[str, ...]) -> str:
    chart.uuid = key
    drawn = ET.fromstring(chart.render(is_unicode=True))
    for node in drawn.iter():  # HTML knows the names of an svg without their namespace
        node.tag = node.tag.rpartition("}")[2]
    _name_bars(drawn, names)
    _clean(drawn)
    view = drawn.attrib["viewBox"]
    drawn.attrib.clear()
    drawn.attrib.update(viewBox=view, role="img")
    drawn.set("aria-labelledby", f"{key}-title {key}-description")
    told = ET.Element("desc", id=f"{key}-description")
    told.text = description
    drawn.insert(0, told)
    heading = ET.Element("title", id=f"{key}-title")
    heading.text = title
    drawn.insert(0, heading)
    return ET.tostring(drawn, encoding="unicode", short_empty_elements=False)


def _name_bars(drawn: ET.Element, names: tuple[str, ...]) -> None:
    """What a pointer over a bar reads."""
    groups = drawn.iterfind(".//g[@class='bars']")
    for name, group in zip(names, groups, strict=False):
        for bar in group.iterfind("g"):
            told = {part.get("class"): part.text for part in bar.iterfind("desc")}
            tip = ET.SubElement(bar, "g", {"class": "tip"})
            ET.SubElement(tip, "title").text = f"{told['x_label']}, {name}: {told['value']}"
            for shape in bar.findall("rect"):
                bar.remove(shape)
                tip.append(shape)


def _clean(node: ET.Element) -> None:
    """Only shapes and words, in short numbers."""
    for name, value in node.attrib.items():
        node.set(name, _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", value))
    for child in list(node):
        classes = child.get("class", "").split()
        tip = child.tag == "title" and node.get("class") == "tip"
        unused = child.tag in ("defs", "desc", "title") or bool(_UNUSED & set(classes))
        if unused and not tip:
            node.remove(child)
        else:
            _clean(child)
