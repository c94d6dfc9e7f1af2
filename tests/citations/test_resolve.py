r"""``\result`` in problems and instructions, before TeX sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notesbuild.diagnostics import Span
from notesbuild.exam.body import View
from notesbuild.exam.citations import (
    cites_results,
    resolve_instructions,
    resolve_rendered,
    resolve_results,
    without_numbers,
)
from notesbuild.exam.render import render
from notesbuild.exam.show import version_text
from notesbuild.model.results import NumberedResult, OtherLabel, ResultNumbers
from notesbuild.render.traced import Traced
from notesbuild.source.citations import find_citations, needed_results
from tests.citations.project import FILES, PROBLEM, changed, draw_by_hand, read


def result(label: str, name: str, number: str) -> NumberedResult:
    return NumberedResult(label, name.lower(), name, number, "", "learning/finite", f"#{label}")


NUMBERS = ResultNumbers(
    "small",
    ("learning/finite",),
    (
        result("lem-massart", "Lemma", "7.1"),
        result("thm-finite", "Theorem", "7.2"),
        result("rem-plain", "Remark", ""),
    ),
    (OtherLabel("thm-later", "learning/later"), OtherLabel("sec-after", "learning/finite")),
)


def resolved(text: str) -> str:
    outcome = resolve_results(Traced.written(text), NUMBERS, lambda place: Span("f", 1, place + 1))
    assert outcome.diagnostics == ()
    return outcome.value.text


def complaint(text: str) -> str:
    outcome = resolve_results(Traced.written(text), NUMBERS, lambda place: Span("f", 1, place + 1))
    (found,) = outcome.diagnostics
    assert outcome.value.text == text
    return f"{found.span}: {found.message} [{found.code.slug}] {found.hint or ''}".rstrip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"By \result{thm-finite}.", "By Theorem~7.2."),
        (r"Lemmas \result*{lem-massart} and \result* { lem-massart }", "Lemmas 7.1 and 7.1"),
        (r"$\text{\result{thm-finite}}$\result{lem-massart}", r"$\text{Theorem~7.2}$Lemma~7.1"),
        (r"\\\result{thm-finite}", r"\\Theorem~7.2"),
        (r"50\% by \result{thm-finite}", r"50\% by Theorem~7.2"),
        # None of these is a citation.
        ("a % by \\result{thm-nowhere}\nb", "a % by \\result{thm-nowhere}\nb"),
        (r"\results \resultant{x} \\result{x}", r"\results \resultant{x} \\result{x}"),
        (r"\verb|\result{x}| and \verb*+\result+", r"\verb|\result{x}| and \verb*+\result+"),
        (
            "\\begin{verbatim}\n\\result{x}\n\\end{verbatim} \\result{thm-finite}",
            "\\begin{verbatim}\n\\result{x}\n\\end{verbatim} Theorem~7.2",
        ),
    ],
)
def test_a_citation_becomes_kind_and_number(text, expected):
    assert resolved(text) == expected


def test_a_kind_is_printed_as_the_notes_say_it():
    numbers = ResultNumbers("kurs", (), (result("a", "정리", "1.1"), result("b", "A_{%}", "#")))
    text = Traced.written(r"\result{a}, \result{b}")
    found = resolve_results(text, numbers, lambda place: Span("f"))
    assert found.value.text == r"정리~1.1, A\_\{\%\}~\#"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            r"By \result{thm-finit}.",
            "f:1:12: no chapter defines the label 'thm-finit' [unknown-result] "
            "did you mean 'thm-finite'?",
        ),
        (
            r"\result*{thm-later}",
            "f:1:10: thm-later is not part of the notes of small: learning/later has it "
            "[result-left-out]",
        ),
        (
            r"\result{sec-after}",
            "f:1:9: 'sec-after' is the label of a section, an equation or a figure, "
            "not of a result [unknown-result]",
        ),
        (
            r"\result{rem-plain}",
            "f:1:9: 'rem-plain' has no number in the notes of small [unknown-result] "
            "say in words what it is",
        ),
        (
            r"a \result b",
            r"f:1:3: \result needs a label in braces [unknown-result] write \result{thm-…}",
        ),
        (
            r"a \result{}",
            r"f:1:3: \result needs a label in braces [unknown-result] write \result{thm-…}",
        ),
    ],
)
def test_a_citation_that_leads_nowhere_is_told_at_its_label(text, expected):
    assert complaint(text) == expected


@given(
    st.lists(
        st.one_of(
            st.text(alphabet="abc \n$", max_size=8),
            st.sampled_from(
                [r"\result{thm-finite}", r"\result*{lem-massart}", "\\\\", r"\%", "% c\n"]
            ),
        )
    )
)
def test_all_other_characters_keep_their_place(pieces):
    text = Traced.written("".join(pieces))
    found = resolve_results(text, NUMBERS, lambda place: Span("f"))
    assert found.diagnostics == ()
    cited = find_citations(text.text)
    inside = {place for one in cited for place in range(one.start, one.end)}
    value = found.value
    assert all(text.text[one.start :].startswith("\\result") for one in cited)
    kept = [
        (char, place)
        for char, place in zip(value.text, value.places, strict=True)
        if place not in inside
    ]
    assert kept == [(c, n) for n, c in enumerate(text.text) if n not in inside]


@given(st.text(alphabet="\\result*{}ab%v|\n", max_size=60))
def test_any_text_is_searched(text):
    for one in find_citations(text):
        assert text[one.start : one.end].startswith("\\result")
        assert text.startswith(one.label, one.at)


def test_question_solution_and_rubric_are_resolved(make_project):
    project = read(make_project(FILES))
    rendered = render(project.bank.problems[0], (("n", 2),)).value
    found = resolve_rendered(rendered, NUMBERS)
    assert found.diagnostics == ()
    paper = found.value.view(View.STUDENT).text
    assert "Use Lemma~7.1 for $n = 2$ points." in paper
    marking = found.value.view(View.RUBRIC).text
    assert "This is Theorem~7.2, %" in marking
    assert "and (7.2) once more" in marking
    assert "uses Lemma~7.1" in marking
    assert "\\result" not in found.value.view(View.SOLUTIONS).text.split("%", 1)[0]


def test_a_wrong_label_is_told_at_the_authors_line(make_project):
    project = read(
        make_project(changed("problem_bank/means/finite.tex", "(\\result*{thm", "(\\result*{th"))
    )
    rendered = render(project.bank.problems[0], (("n", 3),)).value
    found = resolve_rendered(rendered, NUMBERS)
    assert [str(d.span) for d in found.diagnostics] == ["problem_bank/means/finite.tex:16:17"]


def test_instructions_are_resolved(make_project):
    quiz = FILES["exams/small/quiz.yaml"].replace(
        "pick: 1,", r"""pick: 1, instructions: 'Not \result*{thm-finite}.',"""
    )
    quiz += "instructions: |\n  You may use \\result{lem-massart}.\n"
    project = draw_by_hand(make_project({**FILES, "exams/small/quiz.yaml": quiz}))
    blueprint = project.blueprints[0]
    found = resolve_instructions(blueprint, NUMBERS)
    assert found.diagnostics == ()
    assert found.value.instructions == "You may use Lemma~7.1.\n"
    assert found.value.sections[0].instructions == "Not 7.2."
    wrong = resolve_instructions(blueprint, ResultNumbers("small"))
    assert [str(d.span).rsplit(":", 1)[0] for d in wrong.diagnostics] == [
        "exams/small/quiz.yaml:6",
        "exams/small/quiz.yaml:7",
    ]


def test_only_exams_that_cite_ask_for_numbers(make_project):
    project = draw_by_hand(make_project(FILES))
    blueprint, lock = project.blueprints[0], project.locks[0]
    assert cites_results(blueprint, lock, project.bank)
    plain = {**FILES, "problem_bank/means/finite.tex": PROBLEM.replace("\\result", "\\textbf")}
    project = draw_by_hand(make_project(plain))
    assert not cites_results(blueprint, lock, project.bank)
    asking = blueprint.model_copy(update={"instructions": r"See \result{lem-massart}."})
    assert cites_results(asking, lock, project.bank)


def test_a_problem_needs_what_it_uses_and_what_it_cites(make_project):
    project = read(make_project(FILES))
    assert needed_results(project.bank.problems[0]) == ("thm-finite", "lem-massart")


def test_without_a_course_labels_are_shown(make_project):
    project = read(make_project(FILES))
    shown = version_text(project.bank.problems[0], 1, solution=False).value
    assert "Use {[lem-massart]} for $n = 2$ points." in shown
    assert without_numbers(Traced.written(r"\result*{a_b}")).text == r"{[a\_b]}"
