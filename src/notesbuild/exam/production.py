"""From copies to files: every stage between the lock and a folder that can be published."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from notesbuild.diagnostics import Outcome, has_errors
from notesbuild.exam.body import View
from notesbuild.exam.canvas import Canvas, Fragment
from notesbuild.exam.codes import page_code
from notesbuild.exam.compose import Composer, Paper, Version
from notesbuild.exam.cover import Allowance
from notesbuild.exam.earlier import Earlier
from notesbuild.exam.edition import Edition, make_edition, with_page_words
from notesbuild.exam.fontrun import fonts_for
from notesbuild.exam.inventory import Wanted, cover_name
from notesbuild.exam.names import LabelBox
from notesbuild.exam.paper import VIEW_LINES, Copy, Exam
from notesbuild.exam.personal import Anchors, Seated, Sitting, label_items, on_cover, on_foot
from notesbuild.exam.placing import strips_of
from notesbuild.exam.sheet import Sheet, sheet_for
from notesbuild.exam.store import BlockStore
from notesbuild.exam.typeset import Say, Setting
from notesbuild.exam.writing import Crew, FileToWrite, PageToWrite, write_files
from notesbuild.exam.written import Written
from notesbuild.pdf.stock import Stock, StockItem
from notesbuild.pdf.units import number
from notesbuild.source.files import Files

VIEWS = (View.STUDENT, View.SOLUTIONS, View.RUBRIC)


@dataclass(frozen=True)
class Order:
    """What to make: the views to be set, those to be written of every version, and for whom.

    ``passwords`` open the students' copies, by ID.
    """

    exam: Exam
    copies: tuple[Copy, ...]
    views: tuple[View, ...] = VIEWS
    written: tuple[View, ...] = VIEWS
    sitting: Sitting | None = None
    passwords: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Produced:
    """What was written: every file with its digest, the versions' papers, what stands where.

    ``normal`` and ``larger`` are the editions behind them; ``specimen`` is a PDF that shows every
    question once, as students see it, where versions have no paper of their own.
    """

    files: tuple[Written, ...]
    papers: tuple[Paper, ...]
    sheet: Sheet
    fixed: bool
    large: tuple[Sheet, Paper] | None
    normal: Edition
    larger: Edition | None = None
    specimen: bytes | None = None


Editions = tuple[Edition, Edition | None]
"""Everything that was set: in the usual size, and in larger type where somebody needs it."""


def write_papers(
    order: Order,
    editions: Editions,
    folder: Path,
    setting: Setting,
    say: Say,
    earlier: Earlier | None = None,
) -> Outcome[Produced | None]:
    """Compose every paper of what was set, and write it below ``folder``.

    What an ``earlier`` build has written of the same is taken from there.
    """
    normal, large = editions
    items, forms, label_forms = _stock_items(order, normal, large)
    uses = [use for item in items for uses in item.fonts for use in uses]
    fonts = fonts_for(uses, setting.cache, setting.timeout, setting.meanwhile)
    if has_errors(fonts.diagnostics):
        return Outcome(None, fonts.diagnostics)
    if setting.cache is not None:
        made = (normal, large) if large else (normal,)
        keys = frozenset(key for edition in made for key in edition.keys)
        used = (block for edition in made for block in edition.blocks.values())
        BlockStore(setting.cache / "blocks").keep_only(keys, used)
    desk = _Desk(order, normal, large, forms, label_forms)
    with tempfile.TemporaryDirectory(prefix="notesbuild-", ignore_cleanup_errors=True) as name:
        stock = Path(name) / "stock.pdf"
        written = _written(desk, Stock(items, fonts.value), stock, folder, setting, earlier, say)
        specimen = None
        if View.STUDENT not in order.written:
            shown = write_files(stock, [desk.specimen()], Path(name), None, Crew())
            specimen = (Path(name) / next(iter(shown)).name).read_bytes()
    return Outcome(replace(desk.produced(written), specimen=specimen))


def _written(
    desk: _Desk,
    stock: Stock,
    path: Path,
    folder: Path,
    setting: Setting,
    earlier: Earlier | None,
    say: Say,
) -> tuple[Written, ...]:
    """Every file of the exam; ``path`` is where the stock may be laid."""
    count = desk.count()
    crew = Crew(setting.jobs, setting.cluster, count)
    if earlier is None or desk.personal or setting.cluster is not None:
        say(f"Writing {count} files")
        stock.write(path)
        return tuple(write_files(path, desk.files(), folder, desk.printed(), crew))
    files = tuple(desk.files())
    marks = stock.marks()
    known = {file.name: earlier.take(file, marks, folder) for file in files}
    new = tuple(file for file in files if known[file.name] is None)
    say(f"Writing {len(new)} of {count} files")
    stock.write(path, {form for file in new for page in file.pages for form in page.forms})
    made = {one.name: one for one in write_files(path, new, folder, None, crew)}
    kept = {file.name: earlier.keep(file, marks, made[file.name]) for file in new}
    return tuple(known[file.name] or kept[file.name] for file in files)


def set_texts(order: Order, files: Files, setting: Setting, say: Say) -> Outcome[Editions | None]:
    """Set everything and lay it out."""
    exam, sitting = order.exam, order.sitting
    seats = sitting.seats if sitting else False
    allowances = sitting.allowances(large=False) if sitting else {}
    wanted = Wanted(order.views, seats, allowances)
    normal = _edition(order.copies, exam, sheet_for(exam.paper), wanted, files, setting, say)
    granted = sitting.allowances(large=True) if sitting else {}
    if normal.value is None or not granted:
        return Outcome((normal.value, None) if normal.value else None, normal.diagnostics)
    names = granted.keys() & {version.name for version in normal.value.versions}
    copies = tuple(copy for copy in order.copies if copy.version.version in names)
    if not copies:
        return Outcome((normal.value, None), normal.diagnostics)
    sheet = sheet_for(exam.paper, large=True)
    large = _edition(
        copies, exam, sheet, Wanted((View.STUDENT,), seats, granted), files, setting, say
    )
    found = (*normal.diagnostics, *large.diagnostics)
    return Outcome((normal.value, large.value) if large.value else None, found)


def _edition(
    copies: tuple[Copy, ...],
    exam: Exam,
    sheet: Sheet,
    wanted: Wanted,
    files: Files,
    setting: Setting,
    say: Say,
) -> Outcome[Edition | None]:
    made = make_edition(exam, copies, sheet, wanted, files, setting, say)
    if made.value is None:
        return made
    last = made.value.composer(exam, {}).last_page(made.value.versions)
    complete = with_page_words(made.value, exam, last, setting, say)
    return Outcome(complete.value, (*made.diagnostics, *complete.diagnostics))


def _stock_items(
    order: Order, normal: Edition, large: Edition | None
) -> tuple[
    tuple[StockItem, ...], tuple[Mapping[tuple[str, int], str], ...], Mapping[LabelBox, str]
]:
    views = {*order.written, *((View.STUDENT,) if order.sitting else ())}
    items, forms = normal.items("S", views)
    all_items, all_forms = list(items), [forms]
    if large is not None:
        more, large_forms = large.items("L", views)
        all_items += more
        all_forms.append(large_forms)
    label_forms: Mapping[LabelBox, str] = {}
    if order.sitting is not None:
        labels, label_forms = label_items(order.sitting)
        all_items += labels
    return tuple(all_items), tuple(all_forms), label_forms


class _Desk:
    """Composes file after file, each when it is asked for."""

    def __init__(
        self,
        order: Order,
        normal: Edition,
        large: Edition | None,
        forms: tuple[Mapping[tuple[str, int], str], ...],
        label_forms: Mapping[LabelBox, str],
    ) -> None:
        self._order = order
        self._normal = normal
        self._large = large
        self._label_forms = label_forms
        self._composers = {False: normal.composer(order.exam, forms[0])}
        if large is not None:
            self._composers[True] = large.composer(order.exam, forms[1])
        self._versions = {
            False: {v.name: v for v in normal.versions},
            True: {v.name: v for v in large.versions} if large else {},
        }
        self._papers: dict[tuple[str, Allowance], Paper] = {}
        self._kept: list[Paper] = []

    @property
    def personal(self) -> bool:
        """Whether papers are written for single students, or each question once for all."""
        return self._order.sitting is not None or View.STUDENT not in self._order.written

    def count(self) -> int:
        """How many files there will be."""
        students = len(self._seated()) + 1 if self._order.sitting else 0
        return len(self._normal.versions) * len(self._order.written) + students

    def files(self) -> Iterator[FileToWrite]:
        """Everything to write: versions, students' copies in the order of seats, all of these."""
        for version in self._normal.versions:
            for view in self._order.written:
                yield self._version_file(version, view)
        for seated in self._seated():
            yield self._student_file(seated)

    def printed(self) -> FileToWrite | None:
        """The file for the pages of all students' copies."""
        sheet = self._normal.sheet
        return self._file("print.pdf", "", (), sheet) if self._seated() else None

    def produced(self, written: tuple[Written, ...]) -> Produced:
        """What was made."""
        large = None
        if self._large is not None:
            version = self._large.versions[0]
            large = (self._large.sheet, self._composers[True].paper(version, View.STUDENT))
        kept = self._kept
        if View.STUDENT not in self._order.written:
            version = self._normal.versions[0]
            kept = [self._composers[False].paper(version, View.STUDENT), *kept]
        fixed = self._normal.plan is not None
        return Produced(
            *(written, tuple(kept), self._normal.sheet, fixed, large, self._normal, self._large)
        )

    def specimen(self) -> FileToWrite:
        """A file that shows every strip of the students' questions, each on a page."""
        composer = self._composers[False]
        names = {a.blocks[View.STUDENT]: None for v in self._normal.versions for a in v.asks}
        pages = []
        for name in names:
            for part in composer.stock.blocks[name].parts:
                for strip in strips_of(part.items):
                    canvas = Canvas(composer.sheet, composer.stock.forms)
                    canvas.show(name, strip, 0.0, 0.0)
                    drawn = canvas.fragment()
                    pages.append(PageToWrite(drawn.operators, drawn.forms))
        return self._file("specimen.pdf", "", tuple(pages), composer.sheet)

    def _seated(self) -> tuple[Seated, ...]:
        sitting = self._order.sitting
        everybody = sitting.seated if sitting else ()
        return tuple(s for s in everybody if s.version in self._versions[s.allowance.large])

    def _version_file(self, version: Version, view: View) -> FileToWrite:
        paper = self._composers[False].paper(version, view)
        self._kept.append(paper)
        name = f"{self._order.exam.blueprint.name}-{version.name}{view.suffix}.pdf"
        shown = f", version {version.name}" if self._order.exam.several else ""
        shown += f" ({VIEW_LINES[view].lower()})" if VIEW_LINES[view] else ""
        pages = tuple(PageToWrite(_whole(p, self._normal.sheet), p.forms) for p in paper.pages)
        return self._file(name, shown, pages, self._normal.sheet)

    def _student_file(self, seated: Seated) -> FileToWrite:
        sitting = self._order.sitting
        assert sitting is not None
        student, large = seated.student, seated.allowance.large
        composer = self._composers[large]
        sheet = composer.sheet
        paper = self._paper(seated, composer)
        foot = on_foot(sitting, student, sheet, self._label_forms)
        anchors = self._anchors(seated, composer)
        front = on_cover(sitting, student, sheet, anchors, self._label_forms)
        pages = []
        for index, page in enumerate(paper.pages):
            stamped = Fragment.joined((page, foot, front) if index == 0 else (page, foot))
            code = self._code(student.id, index + 1)
            pages.append(PageToWrite(_whole(stamped, sheet), stamped.forms, code))
        file = self._file(f"students/{student.id}.pdf", "", tuple(pages), sheet)
        password = self._order.passwords.get(student.id, "")
        return replace(file, password=password, printed=True)

    def _paper(self, seated: Seated, composer: Composer) -> Paper:
        """A version's paper with the student's cover; the last ones are kept at hand."""
        key = (seated.version, seated.allowance)
        if key not in self._papers:
            if len(self._papers) > 64:
                self._papers.clear()
            version = self._versions[seated.allowance.large][seated.version]
            self._papers[key] = composer.paper(version, View.STUDENT, self._cover(seated))
        return self._papers[key]

    def _cover(self, seated: Seated) -> str:
        shown = seated.version if self._order.exam.several else ""
        return cover_name(shown, View.STUDENT, seated.allowance)

    def _anchors(self, seated: Seated, composer: Composer) -> Anchors:
        block = composer.stock.blocks[self._cover(seated)]
        return Anchors({anchor.key: (anchor.x, anchor.y) for anchor in block.anchors})

    def _code(self, copy: str, page: int) -> str:
        blueprint = self._order.exam.blueprint
        return page_code(blueprint.exam, copy, page) if blueprint.layout.codes else ""

    def _file(
        self, name: str, suffix: str, pages: tuple[PageToWrite, ...], sheet: Sheet
    ) -> FileToWrite:
        course = self._order.exam.course
        subject = ", ".join(filter(None, (course.code, course.title))) if course else ""
        title = self._order.exam.blueprint.title + suffix
        return FileToWrite(name, title, subject, (sheet.width, sheet.height), pages)


def _whole(fragment: Fragment, sheet: Sheet) -> bytes:
    """The operators of a page, at the size of the sheet."""
    if sheet.scale == 1:
        return fragment.operators
    size = number(sheet.scale)
    return f"q {size} 0 0 {size} 0 0 cm\n".encode() + fragment.operators + b"Q\n"
