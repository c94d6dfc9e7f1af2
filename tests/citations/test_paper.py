"""The papers of an exam print the numbers of its course's notes."""

from notesbuild.pdf.text import page_texts
from notesbuild.pipeline import build_exam
from tests.citations.project import FILES, changed, draw_by_hand
from tests.notes.built import third_party

pytestmark = third_party


def silent(step):
    pass


def words(root, name):
    pages = page_texts((root / "build/small/exams/quiz" / name).read_bytes())
    return " ".join(" ".join(pages).split())


def test_papers_cite_what_the_notes_number(make_project):
    quiz = FILES["exams/small/quiz.yaml"] + "instructions: You know \\result{def-growth}.\n"
    root = make_project({**FILES, "exams/small/quiz.yaml": quiz})
    built = build_exam(draw_by_hand(root), "small/quiz", say=silent)
    assert built.diagnostics == ()
    paper = words(root, "quiz-A.pdf")
    assert "You know Definition 2.1." in paper
    assert "Use Lemma 2.2 for n = 2 points." in paper
    assert "2.3" not in paper
    assert "This is Theorem 2.3, and (2.3) once more" in words(root, "quiz-B-solutions.pdf")
    assert "uses Lemma 2.2" in words(root, "quiz-A-rubric.pdf")


def test_papers_are_built_again_when_the_numbers_change(make_project):
    root = make_project(FILES)
    build_exam(draw_by_hand(root), "small/quiz", say=silent)
    make_project(changed("notes/chapters/learning/finite.md", ":label: def-growth", ":nonumber:"))
    built = build_exam(draw_by_hand(root), "small/quiz", say=silent)
    assert built.diagnostics == ()
    assert "Use Lemma 2.1 for" in words(root, "quiz-A.pdf")


def test_a_citation_that_leads_nowhere_stops_at_the_authors_line(make_project):
    files = changed("problem_bank/means/finite.tex", "{lem-massart} for", "{rem-plain} for")
    root = make_project(files)
    built = build_exam(draw_by_hand(root), "small/quiz", say=silent)
    assert [(str(d.span), d.code.slug) for d in built.diagnostics] == [
        ("problem_bank/means/finite.tex:13:13", "unknown-result")
    ]


def test_notes_with_errors_stop_an_exam_that_cites_them(make_project):
    root = make_project(changed("notes/chapters/learning/finite.md", "{prf:lemma}", "{prf:lemna}"))
    built = build_exam(draw_by_hand(root), "small/quiz", say=silent)
    assert built.value is None
    assert [d.span.path for d in built.diagnostics] == ["notes/chapters/learning/finite.md"]
