"""What TeX wrote into its log, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message of TeX is about."""

    ERROR = "error"
    OVERFULL = "overfull"


@dataclass(frozen=True)
class TexMessage:
    """One message: TeX's words, its line in ``file``, and the line's text up to the error.

    ``token`` is the command at which TeX stopped, where it is one; ``runaway`` the beginning of
    an argument that did not end. ``last_line`` ends the range of lines of an overfull paragraph;
    ``excess`` is in points.
    """

    kind: MessageKind
    text: str
    file: str = ""
    line: int = 0
    last_line: int = 0
    before: str = ""
    token: str = ""
    runaway: str = ""
    excess: float = 0.0
    vertical: bool = False


_ERROR = re.compile(r"^(?P<file>(?:\./)?[^\s:][^:]*):(?P<line>\d+): (?P<text>.+)$")
_BARE_ERROR = re.compile(r"^! (?P<text>.+)$")
_CONTEXT = re.compile(r"^l\.(?P<line>\d+) ?(?P<before>.*)$")
_OVERFULL = re.compile(
    r"^Overfull \\(?P<box>[hv])box \((?P<excess>[\d.]+)pt too (?:wide|high)\)(?P<where>.*)$"
)
_LINES = re.compile(r"at lines? (?P<first>\d+)(?:--(?P<last>\d+))?")

_IGNORED = re.compile(r"all text was ignored after line (?P<line>\d+)")

# Messages that only say that TeX gives up after the one before.
_ENDINGS = ("==> Fatal error occurred", "Emergency stop", "That makes 100 errors")


def read_log(log: str) -> tuple[TexMessage, ...]:
    """The errors and overfull boxes of a log written with ``-file-line-error``.

    The log must have been written with long lines (see ``engine``): TeX's own 79 characters
    would cut names and numbers in two.
    """
    return tuple(_messages(log.split("\n")))


def _messages(lines: list[str]) -> Iterator[TexMessage]:
    errors = 0
    for number, line in enumerate(lines):
        found = _ERROR.match(line) or _BARE_ERROR.match(line)
        if found:
            ending = any(words in found["text"] for words in _ENDINGS)
            if not ending or not errors:
                runaway = number > 1 and lines[number - 2].startswith("Runaway ")
                argument = lines[number - 1].strip() if runaway else ""
                yield _error(found, lines[number + 1 : number + 40], argument)
                errors += 1
            continue
        overfull = _OVERFULL.match(line)
        if overfull:
            yield _overfull(overfull)


def _error(found: re.Match[str], following: list[str], runaway: str) -> TexMessage:
    groups = found.groupdict()
    text = found["text"].strip()
    if text.startswith(("LaTeX Error", "Package", "Class")):
        text = _continued(text, following)
    line, before = int(groups.get("line") or 0), ""
    stopped = re.search(r"\\[A-Za-z@]+(?=\s*$)", following[0]) if following else None
    token = stopped[0] if stopped else ""
    for candidate in following:
        context = _CONTEXT.match(candidate)
        if context:
            line, before = int(context["line"]), context["before"]
            break
        if _ERROR.match(candidate) or _BARE_ERROR.match(candidate):
            break
    ignored = _IGNORED.search(text)
    if ignored:
        line, before = int(ignored["line"]), ""
    file = groups.get("file") or ""
    return TexMessage(MessageKind.ERROR, text, file, line, line, before, token, runaway)


def _continued(text: str, following: list[str]) -> str:
    """LaTeX breaks its longer messages over lines that begin with ``(package)``."""
    parts = [text]
    for line in following[:4]:
        rest = re.match(r"^(?:\([A-Za-z]+\))?\s{4,}(.+)$", line)
        if not rest:
            break
        parts.append(rest[1].strip())
    return " ".join(parts)


def _overfull(found: re.Match[str]) -> TexMessage:
    place = _LINES.search(found["where"])
    first = int(place["first"]) if place else 0
    last = int(place["last"] or first) if place else 0
    text = found[0].strip()
    vertical = found["box"] == "v"
    excess = float(found["excess"])
    return TexMessage(MessageKind.OVERFULL, text, "", first, last, excess=excess, vertical=vertical)


INTERRUPTED = "Interruption"
"""What TeX says when it is told to stop because it takes too long."""

PLAIN_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        INTERRUPTED,
        "TeX does not come to an end here",
        "look for a command that calls itself, or a loop without an end",
    ),
    (
        "Undefined control sequence",
        "an unknown command",
        "check its spelling; commands of your own belong into the macro file",
    ),
    (
        "Missing $ inserted",
        "mathematics outside of $…$, or a blank line inside of it",
        "put the formula between $ and $; an underscore in text is written \\_",
    ),
    ("Extra }, or forgotten $", "a } too many, or a $ too few", "balance braces and dollars"),
    ("Too many }'s", "a } too many", "remove it, or add the { that it should close"),
    ("Missing } inserted", "a { that is not closed", "balance the braces"),
    ("Missing { inserted", "an argument in braces is missing", "add { and }"),
    (
        "Display math should end with $$",
        "a display that ends with one $",
        "end it with $$, or use \\[ and \\]",
    ),
    ("Bad math environment delimiter", "\\[ or \\( in the wrong place", "balance \\[ and \\]"),
    ("Double superscript", "two superscripts on one symbol", "use braces: {x^2}^3"),
    ("Double subscript", "two subscripts on one symbol", "use braces: {x_1}_2"),
    ("Misplaced alignment tab", "an & outside of a table", "write \\& for the character &"),
    ("Extra alignment tab", "too many & in a row", "add columns, or end the row with \\\\"),
    (
        "Illegal pream-token",
        "a letter that means nothing in the columns of a table",
        "columns are l, c, r and p{3cm}",
    ),
    (
        "perhaps a missing \\item",
        "a list without an \\item, or with text before the first one",
        "begin the list with \\item",
    ),
    (
        "\\verb ",
        "\\verb where it cannot stand, or without its end",
        "use \\texttt inside of arguments, titles and tables",
    ),
    ("Incomplete \\if", "a condition that is not closed", "add \\fi"),
    ("Argument of", "an argument that is not what the command expects", "look at its braces"),
    ("Missing delimiter", "a \\left or \\right without its bracket", "write \\left( or \\left."),
    ("Missing control sequence", "a command's name was expected here", "write \\name"),
    ("Use of ", "a command that is not followed by what it needs", "look at its arguments"),
    ("Missing number", "a number was expected here", "look at the length or number"),
    ("Illegal unit of measure", "a length without its unit", "add cm, mm, pt or em"),
    ("You can't use", "a command in a place where it means nothing", "move or remove it"),
    (
        "Paragraph ended before",
        "a blank line, or the end, inside an argument",
        "close the brace before the paragraph ends",
    ),
    ("Runaway argument", "an argument without its end", "close the brace"),
    ("File ended while", "an argument or environment without its end", "close it"),
    (
        "TeX capacity exceeded",
        "a text that grows without end",
        "look for a command that calls itself",
    ),
    (
        "Unicode character",
        "a character that this TeX cannot set",
        "use its LaTeX command, such as \\le for ≤ in mathematics",
    ),
    ("Missing character", "a character that the font does not have", "use a LaTeX command"),
    ("Missing \\right", "a \\left without its \\right", "balance \\left and \\right"),
    ("Extra \\right", "a \\right without its \\left", "balance \\left and \\right"),
    ("Dimension too large", "a length beyond what TeX can handle", "make it smaller"),
    ("Arithmetic overflow", "a number beyond what TeX can handle", "make it smaller"),
)

_ENVIRONMENT = re.compile(r"LaTeX Error: Environment (\S+) undefined")
_ENDED_BY = re.compile(r"LaTeX Error: \\begin\{([^}]*)\} .*ended by \\end\{([^}]*)\}")
_LABEL = re.compile(r"Error: Reference `([^']*)' undefined")
_FILE = re.compile(r"Error: File `([^']*)' not found")


def in_plain_words(text: str) -> tuple[str, str | None]:
    """What an error means, and what to do; TeX's own words where nothing better is known."""
    special = _environment_words(text)
    if special is not None:
        return special
    for words, meaning, remedy in PLAIN_WORDS:
        if words in text:
            return meaning, remedy
    return text.rstrip("."), None


def _environment_words(text: str) -> tuple[str, str] | None:
    unknown = _ENVIRONMENT.search(text)
    if unknown:
        return f"there is no environment {unknown[1]!r}", "check its spelling"
    ended = _ENDED_BY.search(text)
    if ended:
        meaning = f"\\begin{{{ended[1]}}} is not closed before \\end{{{ended[2]}}}"
        return meaning, f"add \\end{{{ended[1]}}}"
    label = _LABEL.search(text)
    if label:
        meaning = f"there is no label {label[1]!r} in this problem"
        return meaning, "add \\label, or cite a result of the notes with \\result"
    missing = _FILE.search(text)
    if missing:
        meaning = f"there is no file {missing[1]!r}"
        return meaning, "pictures stand in the folder beside the problem that has its name"
    return None


def is_missing_file(text: str) -> str | None:
    """The file that LaTeX did not find, if that is what a message says."""
    found = _FILE.search(text)
    return found[1] if found else None


# What TeX inserts or removes to go on after an error. Whoever reads of these alone learns nothing,
# and braces that an author did not balance are found before TeX runs.
_REPAIRS = (
    "Missing } inserted",
    "Missing { inserted",
    "Missing \\endgroup inserted",
    "Missing \\cr inserted",
    "Extra }, or forgotten",
    "Extra \\endgroup",
    "Too many }'s",
    "Display math should end with",
    "Illegal unit of measure",
    "\\begin{",
)
# After these TeX has lost its way in mathematics.
_BROKEN_OFF = ("Paragraph ended", "Bad math environment")
_DOLLAR = "Missing $ inserted"


def is_echo(message: TexMessage, earlier: Sequence[TexMessage]) -> bool:
    """Whether an error only follows from the earlier ones of the same text."""
    if not earlier:
        return False
    if _DOLLAR in message.text:
        # The second one ends the formula that TeX began at the first one.
        dollars = sum(_DOLLAR in other.text for other in earlier)
        return dollars % 2 == 1 or _lost(earlier)
    if "Misplaced" in message.text and _lost(earlier):
        return True
    if any(words in message.text for words in _REPAIRS):
        return True
    said = (message.line, message.text, message.token)
    return said in [(other.line, other.text, other.token) for other in earlier]


def _lost(earlier: Sequence[TexMessage]) -> bool:
    return any(words in other.text for other in earlier for words in _BROKEN_OFF)


def follows_from(text: str, earlier: Iterable[str]) -> bool:
    """Whether an error is nothing but the echo of an earlier one."""
    ended = _ENDED_BY.search(text)
    unknown = {found[1] for words in earlier if (found := _ENVIRONMENT.search(words))}
    return ended is not None and ended[2] in unknown
