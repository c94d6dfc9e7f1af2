"""TeX's log in, messages and plain words out."""

from __future__ import annotations

import pytest

from notesbuild.tex.log import (
    MessageKind,
    TexMessage,
    follows_from,
    in_plain_words,
    is_echo,
    is_missing_file,
    read_log,
)

LOG = r"""
This is pdfTeX
./paper.tex:12: Undefined control sequence.
<argument> \wrong
                  {x}
l.12 Let \wrong
               {x} be.
./paper.tex:20: LaTeX Error: Environment nosuch undefined.

See the LaTeX manual.
l.20 \begin{nosuch}

Overfull \hbox (12.5pt too wide) in paragraph at lines 30--33
[]\T1/ptm some text
Overfull \vbox (3.0pt too high) has occurred while \output is active []
Overfull \hbox (1.5pt too wide) detected at line 40
! Package tikz Error: Giving up on this path.
(tikz)                Did you forget a semicolon?
l.50 \draw
./paper.tex:60: Emergency stop.
!  ==> Fatal error occurred, no output PDF file produced!
"""


def test_a_log_is_read():
    found = read_log(LOG)
    errors = [m for m in found if m.kind is MessageKind.ERROR]
    assert [(m.line, m.before, m.token) for m in errors] == [
        (12, r"Let \wrong", r"\wrong"),
        (20, r"\begin{nosuch}", ""),
        (50, r"\draw", ""),
    ]
    assert errors[2].text.endswith("Giving up on this path. Did you forget a semicolon?")
    overfull = [(m.line, m.last_line, m.excess, m.vertical) for m in found if m not in errors]
    assert overfull == [(30, 33, 12.5, False), (0, 0, 3.0, True), (40, 40, 1.5, False)]


def test_an_ending_alone_is_an_error():
    assert [m.text for m in read_log("! Emergency stop.\nl.5 x")] == ["Emergency stop."]
    assert read_log("") == ()


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Undefined control sequence.", "an unknown command"),
        ("Missing $ inserted.", "mathematics outside"),
        ("LaTeX Error: Environment thm undefined.", "no environment 'thm'"),
        (
            r"LaTeX Error: \begin{itemize} on input line 3 ended by \end{parts}.",
            r"\begin{itemize} is not closed before \end{parts}",
        ),
        ("LaTeX Error: File `a.pdf' not found.", "no file 'a.pdf'"),
        ("Runaway argument?", "argument without its end"),
        ("Something else.", "Something else"),
    ],
)
def test_errors_in_plain_words(text, meaning):
    assert meaning in in_plain_words(text)[0]


def test_an_echo_is_known():
    unknown = "LaTeX Error: Environment a undefined."
    echo = r"LaTeX Error: \begin{document} ended by \end{a}."
    assert follows_from(echo, [unknown])
    assert not follows_from(echo, [])
    assert not follows_from(unknown, [unknown])


def error_at(line, text, token=""):
    return TexMessage(MessageKind.ERROR, text, "./paper.tex", line, line, token=token)


UNKNOWN = error_at(3, "Undefined control sequence.", "\\a")
DOLLAR = error_at(5, "Missing $ inserted.")


@pytest.mark.parametrize(
    ("message", "earlier"),
    [
        (error_at(3, "Undefined control sequence.", "\\a"), [UNKNOWN]),
        (error_at(9, "Missing $ inserted."), [DOLLAR]),  # where that formula ends
        (error_at(4, "Extra }, or forgotten $."), [UNKNOWN]),
        (error_at(9, "Missing \\endgroup inserted."), [UNKNOWN, DOLLAR]),
        (
            error_at(9, "Misplaced \\cr."),
            [error_at(4, "Paragraph ended before \\align.")],
        ),
    ],
)
def test_what_follows_from_an_error_is_known(message, earlier):
    assert is_echo(message, earlier)
    assert not is_echo(message, [])


@pytest.mark.parametrize(
    ("message", "earlier"),
    [
        (error_at(4, "Undefined control sequence.", "\\a"), [UNKNOWN]),
        (error_at(3, "Undefined control sequence.", "\\b"), [UNKNOWN]),
        (error_at(11, "Missing $ inserted."), [DOLLAR, DOLLAR]),  # another formula
        (error_at(3, "Double superscript."), [UNKNOWN]),
        (error_at(9, "Misplaced alignment tab character &."), [UNKNOWN]),
    ],
)
def test_a_second_error_is_one_of_its_own(message, earlier):
    assert not is_echo(message, earlier)


def test_where_an_argument_began_is_known():
    log = "Runaway argument?\n{this \n./paper.tex:11: Paragraph ended before \\x.\nl.11 and"
    (found,) = read_log(log)
    assert (found.runaway, found.line, found.before) == ("{this", 11, "and")
    (found,) = read_log("! Incomplete \\iffalse; all text was ignored after line 7.\nl.90 x")
    assert (found.line, found.before) == (7, "")


def test_a_missing_file_is_named():
    assert is_missing_file("LaTeX Error: File `x.sty' not found.") == "x.sty"
    assert is_missing_file("Undefined control sequence.") is None
