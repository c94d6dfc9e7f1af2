"""An exam on one sheet size: set, laid out, ready to be composed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from notesbuild.diagnostics import Code, Diagnostic, Outcome, error
from notesbuild.exam.blocks import BlockText
from notesbuild.exam.body import View
from notesbuild.exam.compose import Ask, Composer, Stock, Version
from notesbuild.exam.cover import has_own_page
from notesbuild.exam.inventory import Inventory, Wanted, inventory, page_words, pages_at_most
from notesbuild.exam.layout import (
    COVER_GAP,
    Misfit,
    Plan,
    Slot,
    Variant,
    find_misfits,
    make_plan,
)
from notesbuild.exam.paper import Copy, Exam
from notesbuild.exam.sheet import Sheet
from notesbuild.exam.store import SetBlock
from notesbuild.exam.typeset import Say, Setting, typeset
from notesbuild.pdf.pieces import FontUse
from notesbuild.pdf.stock import StockItem
from notesbuild.pdf.units import mm
from notesbuild.source.files import Files


@dataclass(frozen=True)
class Edition:
    """Everything of one sheet size. ``keys`` are those of all texts, for the cache."""

    sheet: Sheet
    inventory: Inventory
    versions: tuple[Version, ...]
    blocks: Mapping[str, SetBlock]
    plan: Plan | None
    keys: frozenset[str]

    def items(
        self, prefix: str, views: Collection[View]
    ) -> tuple[tuple[StockItem, ...], dict[tuple[str, int], str]]:
        """What papers of these views show of the stock, and the form of every strip there.

        The same text has one form, whatever its names. Versions that are left out show nothing,
        though some of their texts may be set: how many may depend on an earlier build.
        """
        unseen = {name for ask in self.inventory.asks for name in ask.blocks.values()}
        for version in self.versions:
            unseen.update(name for view, name in version.covers.items() if view not in views)
        for version in self.versions:
            for ask in version.asks:
                unseen.difference_update(n for view, n in ask.blocks.items() if view in views)
        forms: dict[tuple[str, int], str] = {}
        own: dict[int, tuple[SetBlock, list[str]]] = {}
        for name in sorted(self.blocks.keys() - unseen):
            block = self.blocks[name]
            _, names = own.setdefault(id(block), (block, []))
            if not names:
                names += [f"{prefix}{len(own)}p{n}" for n in range(block.block.pages)]
            forms.update(((name, page), form) for page, form in enumerate(names))
        return tuple(_item(block, names) for block, names in own.values()), forms

    def composer(self, exam: Exam, forms: Mapping[tuple[str, int], str]) -> Composer:
        """What composes the papers of this edition."""
        geometry = {name: block.block for name, block in self.blocks.items()}
        layout = exam.blueprint.layout
        return Composer(
            self.sheet,
            Stock(geometry, forms),
            self.plan,
            not exam.is_sheet,
            layout.even_pages,
            layout.blank_pages,
        )


def _item(block: SetBlock, names: list[str]) -> StockItem:
    fonts: tuple[tuple[FontUse, ...], ...] = block.fonts or ((),) * len(names)
    return StockItem(block.pdf, tuple(names), fonts, block.first, block.key)


def make_edition(
    exam: Exam,
    copies: tuple[Copy, ...],
    sheet: Sheet,
    wanted: Wanted,
    files: Files,
    setting: Setting,
    say: Say,
) -> Outcome[Edition | None]:
    """Set all texts and lay them out; versions with a broken text are left out."""
    listed = inventory(exam, copies, sheet, wanted, files)
    made = typeset(exam, listed.texts, setting, say)
    found = list(made.diagnostics)
    blocks = dict(made.value.blocks)
    versions = tuple(v for v in listed.versions if _is_whole(v, blocks))
    frame = [n for n in listed.texts if not n.startswith(("question-text-", "cover-"))]
    if not exam.is_sheet:
        misfits = find_misfits(_slots(listed.asks, blocks), sheet)
        found += [_misfit(listed, misfit) for misfit in misfits]
        broken = {misfit.variant for misfit in misfits}
        versions = tuple(v for v in versions if not any(_base(a.blocks) in broken for a in v.asks))
    if not versions or any(name not in blocks for name in frame):
        return Outcome(None, tuple(found))
    high = tuple(_high_covers(exam, versions, blocks, sheet))
    if high:
        return Outcome(None, (*found, *high))
    plan = None if exam.is_sheet else _plan(versions, blocks, sheet, exam)
    keys = made.value.keys
    return Outcome(Edition(sheet, listed, versions, blocks, plan, keys), tuple(found))


def with_page_words(
    edition: Edition, exam: Exam, pages: int, setting: Setting, say: Say
) -> Outcome[Edition]:
    """The edition with words for so many pages, should it have more than was thought."""
    known = pages_at_most(edition.versions)
    if pages <= known:
        return Outcome(edition)
    texts: dict[str, BlockText] = dict(page_words(exam, edition.sheet, known + 1, pages))
    made = typeset(exam, texts, setting, say)
    blocks = {**edition.blocks, **made.value.blocks}
    keys = edition.keys | made.value.keys
    return Outcome(replace(edition, blocks=blocks, keys=keys), made.diagnostics)


def _is_whole(version: Version, blocks: Mapping[str, SetBlock]) -> bool:
    names = [*version.covers.values(), *(n for a in version.asks for n in a.blocks.values())]
    return all(name in blocks for name in names)


def _base(blocks: Mapping[View, str]) -> str:
    return next(iter(blocks.values())).rsplit("-", 1)[0]


def _slots(asks: Iterable[Ask], blocks: Mapping[str, SetBlock]) -> tuple[Slot, ...]:
    """What stands at each number; each variant counts once, however many versions have it."""
    variants: dict[tuple[int, int], dict[str, Variant]] = {}
    for ask in asks:
        if any(name not in blocks for name in ask.blocks.values()):
            continue
        base = _base(ask.blocks)
        student = blocks[ask.blocks[View.STUDENT]].block
        solved = ask.blocks.get(View.SOLUTIONS)
        solutions = blocks[solved].block if solved else student
        slot = variants.setdefault((ask.number, ask.section), {})
        slot.setdefault(base, Variant(base, student, solutions))
    return tuple(
        Slot(number, section, tuple(slot.values()))
        for (number, section), slot in sorted(variants.items())
    )


def _plan(
    versions: Sequence[Version], blocks: Mapping[str, SetBlock], sheet: Sheet, exam: Exam
) -> Plan:
    """The one plan for all versions."""
    slots = _slots((ask for version in versions for ask in version.asks), blocks)
    headings = {s.section: blocks[f"section-{s.section}"].block.strip.total for s in slots}
    start = None
    if not has_own_page(exam, View.STUDENT):
        covers = {name for version in versions for name in version.covers.values()}
        start = max(blocks[name].block.strip.total for name in covers) + COVER_GAP
    return make_plan(slots, headings, sheet, start=start)


def _high_covers(
    exam: Exam, versions: Iterable[Version], blocks: Mapping[str, SetBlock], sheet: Sheet
) -> Iterator[Diagnostic]:
    """Covers whose text runs over the end of their page."""
    names = sorted({name for version in versions for name in version.covers.values()})
    ends = [a.y for name in names for a in blocks[name].block.anchors if a.key == "end"]
    excess = max((end - sheet.text_height for end in ends), default=0.0)
    if excess > 1:
        place = exam.blueprint.origin.span("instructions")
        large = " in large print" if sheet.scale > 1 else ""
        message = f"the cover does not fit on its page{large}: {mm(excess):.0f} mm too much"
        yield error(Code.TEXT_TOO_LONG, message, place, "shorten the instructions")


def _misfit(listed: Inventory, misfit: Misfit) -> Diagnostic:
    rendered = listed.questions[misfit.variant].rendered
    part = f", part {misfit.letter}," if misfit.letter else ""
    too_much = f"{mm(misfit.excess):.0f} mm"
    message = f"{rendered.problem.id}{part} does not fit on a page: {too_much} too much"
    message += rendered.drawn
    hint = "shorten it, or divide it into parts: a page can end between two parts"
    return error(Code.TEXT_TOO_LONG, message, rendered.span(0), hint)
