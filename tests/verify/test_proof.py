"""The proof finds whatever is planted in a student's file, and nothing in an honest one."""

from __future__ import annotations

import json
import re

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from notesbuild.exam.known import known_of
from notesbuild.exam.places import read_layouts

from .sitting import change

COPY = "students/s1.pdf"


def contents(page: pikepdf.Page) -> bytes:
    return page.Contents.read_bytes()


def draw(document: pikepdf.Pdf, number: int, content: bytes) -> None:
    document.pages[number].Contents = document.make_stream(content)


def test_honest_files_hold_nothing_else(sat):
    assert sat.faults(sat.folder) == []


def test_the_proof_knows_solutions_and_rubrics(sat):
    whose = set(sat.known.secret.values())
    assert "the solution of mean-minimizes" in whose
    assert "the marking guide of variance-uniform" in whose
    assert not sat.known.students & sat.known.secret.keys()


# --- things that do not belong into a paper ---


def author(document):
    document.docinfo["/Author"] = "A. Instructor"


def title(document):
    document.docinfo["/Title"] = "problem_bank/means/mean-minimizes.tex"


def attachment(document):
    document.attachments["solutions.txt"] = b"the mean"


def annotation(document):
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))
    note.Contents = String("hint: differentiate")
    document.pages[1].obj["/Annots"] = Array([document.make_indirect(note)])


def script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def xmp(document):
    with document.open_metadata() as record:
        record["dc:creator"] = ["A. Instructor"]


def layer(document):
    hidden = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("solutions")))
    document.Root.OCProperties = Dictionary(OCGs=Array([hidden]), D=Dictionary(OFF=Array([hidden])))


def own_text(document):
    draw(document, 1, contents(document.pages[1]) + b"\nBT (psst) Tj ET")


def turned(document):
    draw(document, 1, contents(document.pages[1]).replace(b"q 1 0 0 1", b"q 0 1 -1 0", 1))


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        (author, "the entry /Author"),
        (title, "the name of the problem mean-minimizes"),
        (attachment, "an attachment"),
        (annotation, "annotations"),
        (script, "an action on opening"),
        (xmp, "an XMP record"),
        (layer, "hidden layers"),
        (own_text, "a page that draws with '(psst)' itself"),
        (turned, "a form that is turned or stretched"),
    ],
)
def test_what_does_not_belong_into_a_paper_is_found(sat, tmp_path, plant, expected):
    folder = sat.copy(tmp_path / "out")
    change(folder / COPY, plant)
    assert f"out/{COPY}: the file holds {expected}" in sat.faults(folder)


# --- pieces of solutions ---


def solution_form(sat):
    """A piece of the solutions of version A, as another document can show it."""
    source = pikepdf.open(sat.folder / "quiz-A-solutions.pdf")
    from notesbuild.pdf.anatomy import anatomy

    pages = anatomy(source).pages
    for number, page in enumerate(pages):
        forms = source.pages[number].Resources.XObject
        names = re.findall(rb"/(\S+) Do", contents(source.pages[number]))
        for shown, name in zip(page, names, strict=True):
            if "solution of" in sat.known.secret.get(shown.digest, ""):
                return source, forms[f"/{name.decode()}"]
    raise AssertionError("the solutions have no solution")


@pytest.mark.parametrize("shown", [True, False])
def test_a_piece_of_a_solution_is_found_even_where_no_page_shows_it(sat, tmp_path, shown):
    folder = sat.copy(tmp_path / "out")
    _source, form = solution_form(sat)

    def plant(document):
        page = document.pages[-1]
        page.Resources.XObject["/Hidden"] = document.copy_foreign(form)
        if shown:
            draw(
                document,
                len(document.pages) - 1,
                contents(page) + b"\nq 1 0 0 1 0 9 cm /Hidden Do Q",
            )

    change(folder / COPY, plant)
    found = sat.faults(folder)
    assert any("holds a piece of the solution of" in fault for fault in found)
    unseen = f"out/{COPY}: the file holds a form that its page does not show"
    assert (unseen in found) is not shown


def test_an_object_that_nothing_refers_to_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    path = folder / COPY
    old = path.read_bytes()
    with pikepdf.open(path) as document:
        size, root, info = (document.trailer[k] for k in ("/Size", "/Root", "/Info"))
        roots = f"/Root {root.objgen[0]} 0 R /Info {info.objgen[0]} 0 R"
    start = int(old.rsplit(b"startxref", 1)[1].split()[0])
    added = f"{size} 0 obj\n(The minimizer is the mean.)\nendobj\n".encode()
    table = f"xref\n{size} 1\n{len(old):010d} 00000 n \ntrailer\n<< /Size {size + 1} {roots}"
    table += f" /Prev {start} >>\nstartxref\n{len(old) + len(added)}\n%%EOF\n"
    path.write_bytes(old + added + table.encode())
    found = sat.faults(folder)
    assert f"out/{COPY}: the file holds an object that no page needs" in found
    assert f"out/{COPY}: the file holds an earlier version of itself" in found


def test_the_name_of_somebody_else_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    (folder / "students/s1.pdf").write_bytes((folder / "students/s2.pdf").read_bytes())
    found = sat.faults(folder)
    assert f"out/{COPY}: the file holds the name, ID or seat of s2" in found
    assert any("the QR code is that of small/quiz, copy s2, page 1" in fault for fault in found)


def test_a_path_of_the_computer_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")

    def plant(document):
        document.docinfo["/Subject"] = f"{sat.root.as_posix()}/exams"

    change(folder / COPY, plant)
    assert f"out/{COPY}: the file holds a path of this computer" in sat.faults(folder)


def test_what_is_no_pdf_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    (folder / COPY).write_bytes(b"%PDF-1.7\nnothing")
    assert any(f"out/{COPY}: the file cannot be read back" in f for f in sat.faults(folder))


@pytest.mark.parametrize("content", [b"cm", b"Do", b"1 2 cm /x Do", b"q q q /", b"\xff\x00 (("])
def test_damaged_pages_are_found(sat, tmp_path, content):
    folder = sat.copy(tmp_path / "out")
    change(folder / COPY, lambda document: draw(document, 0, content))
    assert any(f"out/{COPY}: the file " in fault for fault in sat.faults(folder))


def test_documents_without_what_pages_need_are_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")

    def plant(document):
        del document.pages[0].obj["/Contents"]
        document.pages[1].obj["/Resources"] = Name.Nothing

    change(folder / COPY, plant)
    assert any(f"out/{COPY}: the file " in fault for fault in sat.faults(folder))


# --- where things stand ---


def test_a_question_that_has_moved_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    layout, _ = read_layouts((folder / "regions.json").read_bytes())
    assert layout is not None
    digests = {s for part in sat.known.asked["B", False] for s in part.strips}

    def plant(document):
        from notesbuild.pdf.anatomy import anatomy

        shown = next(s for s in anatomy(document).pages[1] if s.digest in digests)
        old = f" {shown.bottom:.3f}".rstrip("0").rstrip(".").encode() + b" cm"
        new = f" {shown.bottom - 1:.3f} cm".encode()
        assert old in contents(document.pages[1])
        draw(document, 1, contents(document.pages[1]).replace(old, new, 1))

    change(folder / "quiz-B.pdf", plant)
    (fault,) = sat.faults(folder)
    assert fault.startswith("out/quiz-B.pdf: question 1 stands on page 2, ")


def test_a_question_that_is_not_there_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")

    def plant(document):
        page = document.pages[1]
        page.Resources.XObject = Dictionary()
        draw(document, 1, b"")

    change(folder / "quiz-A.pdf", plant)
    assert any("is not on the paper as it was set" in fault for fault in sat.faults(folder))


def test_a_page_too_many_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    change(folder / "quiz-A.pdf", lambda document: document.add_blank_page(page_size=(595, 842)))
    assert any("pages, the others" in fault for fault in sat.faults(folder))


def test_versions_with_layouts_of_their_own_are_found(sat):
    content = json.loads((sat.folder / "regions.json").read_text("utf-8"))
    content["versions"]["B"]["regions"][0]["box"][1] += 1
    with pytest.raises(ValueError, match="version B has another layout"):
        read_layouts(json.dumps(content).encode())


@pytest.mark.parametrize("text", [b"", b"[]", b'{"layout": "fixed"}', b"\xff"])
def test_a_damaged_table_of_regions_is_an_error(text):
    with pytest.raises(ValueError, match=r"."):
        read_layouts(text)


# --- codes ---


def test_a_page_without_its_code_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")

    def plant(document):
        draw(document, 1, contents(document.pages[1]) + b"\nq 1 g 400 700 200 200 re f Q")

    change(folder / COPY, plant)
    assert sat.faults(folder) == [f"out/{COPY}: page 2: no QR code can be read"]


def test_pages_in_another_order_are_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    change(folder / "print.pdf", lambda document: document.pages.reverse())
    found = sat.faults(folder)
    assert any("print.pdf: page 1: the QR code is that of" in fault for fault in found)


def test_a_page_that_was_not_printed_is_found(sat, tmp_path):
    folder = sat.copy(tmp_path / "out")
    change(folder / "print.pdf", lambda document: document.pages.__delitem__(-1))
    assert any("print.pdf: the file has" in fault for fault in sat.faults(folder))


def test_processes_find_the_same(sat, tmp_path, monkeypatch):
    from notesbuild.exam import proof

    folder = sat.copy(tmp_path / "out")
    change(folder / COPY, author)
    alone = sat.faults(folder)
    monkeypatch.setattr(proof, "ENOUGH", 2)
    layouts = read_layouts((folder / "regions.json").read_bytes())
    examiner = proof.Examiner(folder, "out", known_of(sat.made, sat.root.as_posix()), layouts)
    printed = proof.StudentFile("print.pdf")
    found = proof.prove(examiner, sat.files, printed, jobs=2)
    assert [f"{d.span.path}: {d.message}" for d in found] == alone
