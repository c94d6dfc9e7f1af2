"""One page plan for all versions; what fills its boxes. Random blocks, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notesbuild.exam.blocks import Answer, Block, Part, Room, Strip
from notesbuild.exam.layout import (
    QUESTION_GAP,
    Slot,
    Variant,
    answers_height,
    asked,
    find_misfits,
    make_plan,
    parts_of,
    text_height,
)
from notesbuild.exam.placing import Flow, FlowQuestion, Show, Space, fill_solutions, fill_student
from notesbuild.exam.sheet import sheet_for

SHEET = sheet_for("a4paper")
PAGE = SHEET.text_height
WIDTH = SHEET.text_width
HEADING = 20.0
MORE = ("more", Strip(0, 0.0, 200.0, 8.0, 2.0))
CLOSE = 1e-6

heights = st.integers(5, 150).map(float)
few = settings(max_examples=30)


@st.composite
def parts(draw, letter):
    """A part of a question: its student's and its solutions' items."""
    text = Strip(0, 0.0, WIDTH, draw(heights), 0.0)
    shared = [text]
    if draw(st.booleans()):
        shared.append(Strip(1, float(draw(st.integers(0, 8))), WIDTH, draw(heights), 3.0))
    space = draw(st.one_of(st.none(), st.integers(0, 900).map(float)))
    student = [*shared, Room("blank", space, 0.0)] if space is not None else shared
    count = draw(st.integers(0, 4))
    strips = tuple(Strip(2 + n, 2.0, WIDTH, draw(heights), 0.0) for n in range(count))
    solved = [*shared, Answer(10.0, strips)] if strips else shared
    return Part(letter, tuple(student)), Part(letter, tuple(solved))


@st.composite
def variants(draw, name, letters):
    drawn = [draw(parts(letter)) for letter in letters]
    blocks = (Block(tuple(own), 9) for own in zip(*drawn, strict=True))
    return Variant(name, *blocks)


@st.composite
def slots(draw):
    """Questions in one or two sections; versions differ in heights, and some in their parts."""
    made = []
    section = 1
    for number in range(1, draw(st.integers(1, 4)) + 1):
        section = min(2, section + draw(st.integers(0, 1)))
        alike = draw(st.sampled_from([("",), ("", "a", "b"), ("", "a", "b", "c")]))
        count = draw(st.integers(1, 3))
        others = draw(st.sampled_from([alike, alike, ("",)]))
        shapes = [alike, *[others] * (count - 1)]
        own = tuple(draw(variants(f"q{number}v{n}", shape)) for n, shape in enumerate(shapes))
        made.append(Slot(number, section, own))
    return tuple(made)


def plan_of(drawn, start=None):
    return make_plan(drawn, {1: HEADING, 2: HEADING}, SHEET, start=start)


def units(plan, slot):
    return [box for box in plan.boxes if box.question == slot.question]


starts = st.one_of(st.none(), st.floats(50, 300))


@few
@given(slots(), starts)
def test_nothing_overlaps_and_all_is_on_the_page(drawn, start):
    plan = plan_of(drawn, start)
    for page in range(1, plan.pages + 1):
        stretches = [(box.top, box.top + box.height) for box in plan.boxes if box.page == page]
        stretches += [(h.top, h.top + HEADING) for h in plan.headings if h.page == page]
        stretches.sort()
        for (_, bottom), (top, _) in pairwise(stretches):
            assert bottom <= top + CLOSE
        for top, bottom in stretches:
            assert top >= (start or 0.0 if page == 1 else 0.0) - CLOSE
            assert bottom <= PAGE + CLOSE
    assert {box.page for box in plan.boxes} <= set(range(1 if start else 2, plan.pages + 1))


@few
@given(slots(), starts)
def test_questions_and_parts_stand_in_their_order(drawn, start):
    plan = plan_of(drawn, start)
    assert [b.question for b in plan.boxes] == sorted(b.question for b in plan.boxes)
    places = [(box.page, box.top) for box in plan.boxes]
    assert places == sorted(places)
    for slot in drawn:
        own = units(plan, slot)
        assert [box.index for box in own] == list(range(len(own)))
        alike = len({tuple(p.letter for p in v.student.parts) for v in slot.variants}) == 1
        if alike:
            assert [box.letter for box in own] == [p.letter for p in slot.variants[0].student.parts]


@few
@given(slots(), starts)
def test_every_version_fits_its_boxes(drawn, start):
    """The text of each variant fits, and students' space is all that the box has left."""
    plan = plan_of(drawn, start)
    for slot in drawn:
        boxes = units(plan, slot)
        for variant in slot.variants:
            own = parts_of(variant.student, joined=slot.question in plan.joined)
            for part, box in zip(own, boxes, strict=False):
                assert text_height(part) <= box.height + CLOSE
                filled = fill_student("b", part, box.height, WIDTH)
                rooms = [mark for mark in filled.marks if isinstance(mark, Space)]
                shown = [mark for mark in filled.marks if isinstance(mark, Show)]
                if rooms and asked(part):
                    bottoms = [mark.y + mark.height for mark in rooms]
                    bottoms += [mark.y + mark.strip.total for mark in shown]
                    assert max(bottoms) == pytest.approx(box.height)
                strips = [item for item in part.items if isinstance(item, Strip)]
                assert [mark.strip.page for mark in shown] == [strip.page for strip in strips]


@few
@given(slots(), starts)
def test_solutions_lose_nothing(drawn, start):
    """What does not fit into the box goes on at the end, in its order."""
    plan = plan_of(drawn, start)
    for slot in drawn:
        boxes = units(plan, slot)
        for variant in slot.variants:
            own = parts_of(variant.solutions, joined=slot.question in plan.joined)
            for part, box in zip(own, boxes, strict=False):
                filled = fill_solutions("b", part, box.height, WIDTH, MORE)
                shows = [m for m in filled.marks if isinstance(m, Show) and m.name == "b"]
                for mark in filled.marks:
                    height = mark.strip.total if isinstance(mark, Show) else mark.height
                    assert mark.y >= -CLOSE
                    assert mark.y + height <= box.height + 0.1
                answers = [i for i in part.items if isinstance(i, Answer)]
                texts = [i for i in part.items if isinstance(i, Strip)]
                expected = [*texts, *(strip for answer in answers for strip in answer.strips)]
                got = [*(show.strip for show in shows), *(strip for _, strip in filled.over)]
                assert sorted(s.page for s in got) == sorted(s.page for s in expected)
                solved = [strip for answer in answers for strip in answer.strips]
                rest = [strip for _, strip in filled.over]
                assert rest == solved[len(solved) - len(rest) :]
                if answers_height(part) <= box.height - text_height(part):
                    assert not filled.over


@few
@given(slots())
def test_what_is_left_of_a_page_is_shared_by_what_is_asked(drawn):
    plan = plan_of(drawn)
    tight = {}
    for box in plan.boxes:
        (slot,) = (s for s in drawn if s.question == box.question)
        joined = slot.question in plan.joined
        pairs = [
            (parts_of(v.student, joined=joined), parts_of(v.solutions, joined=joined))
            for v in slot.variants
        ]
        own = [s[box.index] for s, _ in pairs if box.index < len(s)]
        solved = [s[box.index] for _, s in pairs if box.index < len(s)]
        need = max(
            *(text_height(p) + asked(p) for p in own),
            *(text_height(p) + answers_height(p) for p in solved),
        )
        weight = max(asked(p) for p in own)
        tight.setdefault(box.page, []).append((box.height - need, weight))
    for growths in tight.values():
        # Boxes that were cut to what a page had left ask for more than they got.
        grown = [(growth, weight) for growth, weight in growths if growth > CLOSE]
        if any(growth < -CLOSE for growth, _ in growths):
            continue
        shares = [growth / weight for growth, weight in grown if weight > 1]
        assert all(weight for _, weight in grown)
        assert shares == pytest.approx([shares[0]] * len(shares)) if shares else True


@few
@given(slots(), st.randoms(use_true_random=False))
def test_the_order_of_versions_does_not_matter(drawn, chance):
    shuffled = []
    for slot in drawn:
        own = list(slot.variants)
        chance.shuffle(own)
        shuffled.append(replace(slot, variants=tuple(own)))
    plans = plan_of(drawn), plan_of(tuple(shuffled))
    places = [[(b.question, b.index, b.page, b.top, b.height) for b in p.boxes] for p in plans]
    assert places[0] == places[1]


def block(*heights):
    letters = ("", "a", "b")
    strips = (Strip(n, 0.0, WIDTH, height, 0.0) for n, height in enumerate(heights))
    return Block(tuple(Part(x, (s,)) for x, s in zip(letters, strips, strict=False)), len(heights))


def test_what_no_page_can_hold_is_a_misfit():
    fitting, long = block(100.0, PAGE), block(100.0, PAGE + 10.0, PAGE + 30.0)
    variants = (Variant("one", fitting, fitting), Variant("two", fitting, long))
    (found,) = find_misfits((Slot(4, 1, variants),), SHEET)
    assert (found.question, found.variant, found.letter) == (4, "two", "b")
    assert found.excess == pytest.approx(30.0)
    assert find_misfits((Slot(4, 1, variants[:1]),), SHEET) == ()


def test_questions_that_do_not_fit_go_to_the_next_page():
    first, second = (Variant(n, block(PAGE * 0.6), block(PAGE * 0.6)) for n in "xy")
    plan = plan_of((Slot(1, 1, (first,)), Slot(2, 1, (second,))), start=0.0)
    assert [(box.page, round(box.top)) for box in plan.boxes][1] == (2, 0)
    small = Variant("z", block(40.0), block(40.0))
    plan = plan_of((Slot(1, 1, (small,)), Slot(2, 1, (small,))))
    one, two = plan.boxes
    assert two.top - one.top == pytest.approx(40.0 + QUESTION_GAP)


@few
@given(slots(), st.floats(0, 300), st.booleans())
def test_a_paper_that_flows_loses_nothing(drawn, start, spaces):
    flow = Flow(SHEET, start)
    view = "student" if spaces else "solutions"
    questions = [
        FlowQuestion(s.question, s.section, f"q{s.question}", getattr(s.variants[0], view).parts)
        for s in drawn
    ]
    headings = {n: (f"section-{n}", Strip(0, 0.0, WIDTH, HEADING, 0.0)) for n in (1, 2)}
    flow.questions(questions, headings, spaces=spaces)
    bottoms = {}
    for placed in flow.placed:
        assert placed.y >= bottoms.get(placed.page, 0.0) - CLOSE
        assert placed.y + placed.height <= PAGE + CLOSE
        bottoms[placed.page] = placed.y + placed.height
    shown = [m for p in flow.placed for m in p.marks if isinstance(m, Show)]
    for question in questions:
        strips = [i for p in question.parts for i in p.items if isinstance(i, Strip)]
        solved = [i for p in question.parts for i in p.items if isinstance(i, Answer)]
        count = len(strips) + sum(len(answer.strips) for answer in solved)
        assert sum(mark.name == question.name for mark in shown) == count
    assert [p.page for p in flow.placed] == sorted(p.page for p in flow.placed)
