"""Reading one problem file: metadata comment, body, and the files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from notesbuild.diagnostics import Code, Diagnostic, Origin, Outcome, Span, error
from notesbuild.model.names import ID_PATTERN
from notesbuild.model.problem import Metadata, Problem
from notesbuild.source.files import Files, digest
from notesbuild.source.includes import with_includes
from notesbuild.source.latex import parse_body
from notesbuild.source.yaml import Shift, parse, validate_mapping

_FENCE = re.compile(r"^%\s*---\s*$")


@dataclass(frozen=True)
class ProblemFiles:
    """The path of a problem's file, and those of the files in the folder beside it."""

    path: str
    assets: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The name of the file, which is the problem's id."""
        return self.path.rpartition("/")[2].removesuffix(".tex")


def read_problem(files: Files, path: str) -> Outcome[Problem | None]:
    """The problem in ``path``, or every reason why there is none."""
    return read_files(files, ProblemFiles(path, files.listing(path.removesuffix(".tex"))))


def read_files(files: Files, problem: ProblemFiles) -> Outcome[Problem | None]:
    """The problem in these files, or every reason why there is none."""
    path, assets = problem.path, problem.assets
    name = PurePosixPath(path).stem
    if not re.fullmatch(ID_PATTERN, name):
        message = f"{name!r} is not an id: a problem's file name is its id"
        return Outcome(None, (error(Code.BAD_ID, message, Span(path)),))
    source = files.text(path)
    if source.value is None:
        return Outcome(None, source.diagnostics)
    split = _split(source.value, path)
    if isinstance(split, Diagnostic):
        return Outcome(None, (split,))
    yaml_text, shift, body_text, body_line = split
    contents = [files.content(asset) for asset in assets]
    record, origin = _read_metadata(yaml_text, path, shift)
    included = with_includes(body_text, path, body_line, partial(_included_text, files, problem))
    body = parse_body(included.text, path, body_line, included.stretches)
    found = (
        *record.diagnostics,
        *body.diagnostics,
        *(d for content in contents for d in content.diagnostics),
    )
    if record.value is None:
        return Outcome(None, found)
    return Outcome(
        Problem(
            id=name,
            metadata=record.value,
            body=body.value,
            digest=_digest(source.value, (content.value for content in contents)),
            assets=assets,
            origin=origin,
        ),
        found,
    )


def digest_of_files(files: Files, problem: ProblemFiles) -> str:
    """The digest that the problem has when it is read now; empty if it cannot be read."""
    text = files.text(problem.path).value
    contents = (files.content(asset).value for asset in problem.assets)
    return "" if text is None else _digest(text, contents)


def _digest(text: str, contents: Iterable[bytes | None]) -> str:
    return digest(text.encode(), *(content or b"" for content in contents))


def _included_text(files: Files, problem: ProblemFiles, name: str) -> str | None:
    """The text of a file of the problem's own folder."""
    path = f"{problem.path.removesuffix('.tex')}/{name}"
    return files.text(path).value if path in problem.assets else None


def _read_metadata(
    yaml_text: str, path: str, shift: Shift
) -> tuple[Outcome[Metadata | None], Origin]:
    parsed = parse(yaml_text, path, shift)
    data, origin = parsed.value
    if parsed.diagnostics:
        return Outcome(None, parsed.diagnostics), origin
    return validate_mapping(data, origin, Metadata, Span(path, shift.lines, 1)), origin


def _split(text: str, path: str) -> tuple[str, Shift, str, int] | Diagnostic:
    """Metadata as YAML, its place, the body, and the body's first line."""
    lines = text.split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return error(Code.METADATA_MISSING, "the file is empty", Span(path, 1, 1))
    if not _FENCE.match(lines[start]):
        message = "the file does not begin with `% ---`"
        return error(Code.METADATA_MISSING, message, Span(path, start + 1, 1))
    end = next((i for i in range(start + 1, len(lines)) if _FENCE.match(lines[i])), None)
    if end is None:
        message = "the metadata comment is not closed with `% ---`"
        return error(Code.METADATA_MISSING, message, Span(path, start + 1, 1))
    block = lines[start + 1 : end]
    stray = next((i for i, line in enumerate(block) if line.strip() and line[0] != "%"), None)
    if stray is not None:
        message = "a line of the metadata does not begin with `%`"
        return error(Code.METADATA_MISSING, message, Span(path, start + 2 + stray, 1))
    columns = 2 if all(line[:2] in ("% ", "%", "") for line in block) else 1
    yaml_text = "\n".join(line[columns:] for line in block) + "\n"
    return yaml_text, Shift(start + 1, columns), "\n".join(lines[end + 1 :]), end + 2
