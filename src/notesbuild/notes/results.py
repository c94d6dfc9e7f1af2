"""results.json: every numbered result of the course, with its place in both forms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notesbuild.notes.tex_labels import LatexLabel


@dataclass(frozen=True)
class Result:
    """A numbered result; ``page`` is None while there is no PDF of the same sources."""

    label: str
    kind: str
    number: str
    title: str
    href: str
    page: int | None
    uses: tuple[str, ...]


def read_records(path: Path) -> list[dict[str, Any]]:
    """What the Sphinx extension has written."""
    records: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return records


def results_of(
    records: list[dict[str, Any]], labels: Mapping[str, LatexLabel]
) -> tuple[Result, ...]:
    """The numbered results, in reading order."""
    return tuple(
        Result(
            record["label"],
            record["kind"],
            record["number"],
            record["title"],
            f"{record['docname']}.html#{record['anchor']}",
            labels[record["latex_label"]].page if record["latex_label"] in labels else None,
            tuple(record["uses"]),
        )
        for record in records
        if record["number"]
    )


def results_json(results: tuple[Result, ...]) -> bytes:
    """The file."""
    text = json.dumps([vars(result) for result in results], ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def read_results(content: bytes) -> tuple[Result, ...]:
    """The file, read back."""
    return tuple(Result(**{**item, "uses": tuple(item["uses"])}) for item in json.loads(content))
