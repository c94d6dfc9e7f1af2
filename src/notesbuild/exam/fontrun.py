"""The fonts of all pieces, cut down by pdfTeX to the letters in use."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error
from notesbuild.pdf.fonts import ANSWER_TEX, REQUEST, NeededFont, needed_fonts, request
from notesbuild.pdf.pieces import FontUse
from notesbuild.run.publish import write_file
from notesbuild.tex.engine import program_missing, run_tex, tex_version

ENGINE = "pdftex"
_JOB = "fonts"
_DIGEST = hashlib.sha256().digest_size


def fonts_for(
    uses: Iterable[FontUse],
    cache: Path | None,
    timeout: float,
    meanwhile: Callable[[], None] = lambda: None,
) -> Outcome[bytes | None]:
    """A PDF with every font that the pieces need; kept, since most edits need no new letter.

    ``meanwhile`` is called where pdfTeX is at work on them.
    """
    needed = needed_fonts(uses)
    if not needed:
        return Outcome(None)
    asked = request(needed)
    path = _place(asked, cache)
    kept = _kept(path) if path is not None else None
    if kept is not None:
        return Outcome(kept)
    made = _run(asked, needed, timeout, meanwhile)
    if made.value is not None and path is not None:
        for old in path.parent.glob("*"):
            old.unlink(missing_ok=True)
        digest = hashlib.sha256(made.value).digest()
        write_file(path, digest + made.value, "", durable=False)
    return made


def _kept(path: Path) -> bytes | None:
    """The fonts of an earlier build; None where they are damaged or not there."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, fonts = content[:_DIGEST], content[_DIGEST:]
    return fonts if hashlib.sha256(fonts).digest() == digest else None


def _place(asked: bytes, cache: Path | None) -> Path | None:
    if cache is None:
        return None
    digest = hashlib.sha256(tex_version(ENGINE).encode() + asked).hexdigest()
    return cache / "fonts" / f"{digest}"


def _run(
    asked: bytes, needed: tuple[NeededFont, ...], timeout: float, meanwhile: Callable[[], None]
) -> Outcome[bytes | None]:
    with (
        tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name,
        ThreadPoolExecutor(1) as beside,
    ):
        folder = Path(name)
        (folder / REQUEST).write_bytes(asked)
        (folder / f"{_JOB}.tex").write_text(ANSWER_TEX, "utf-8")
        running = beside.submit(run_tex, folder, _JOB, engine=ENGINE, timeout=timeout, settle=())
        meanwhile()
        run = running.result()
    if run.missing_program is not None:
        return Outcome(None, (program_missing(ENGINE),))
    if run.pdf is None:
        return Outcome(None, (_failed(needed, run.last_words),))
    return Outcome(run.pdf)


def _failed(needed: tuple[NeededFont, ...], words: str) -> Diagnostic:
    names = ", ".join(font.base for font in needed)
    message = f"{ENGINE} could not cut down the fonts {names}"
    return error(Code.PROGRAM_FAILED, message, notes=(words,))
