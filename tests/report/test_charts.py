"""Charts: what is drawn is what was given, and nothing else."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from notesbuild.exam.report.charts import Series, bins, histogram, library, stacked_bars
from notesbuild.exam.report.words import heat, plain, quantile, shown, span

PARTS = (Series("Short", (10, 20)), Series("Proofs & more", (30, 0)))


def stacked():
    return stacked_bars("time", "Time <1>", ["A: 40", "B: 20"], PARTS, unit="minutes")


def drawn_by_day(day, monkeypatch):
    class Calendar(datetime.date):
        @classmethod
        def today(cls):
            return datetime.date(2030, 1, day)

    monkeypatch.setattr(library().svg, "date", Calendar)
    return stacked()


def test_bars_are_as_long_as_their_numbers():
    picture = ET.fromstring(stacked().svg)
    short, proofs = picture.findall(".//g[@class='bars']")
    widths = [float(bar.get("width", 0)) for part in (short, proofs) for bar in part.iter("rect")]
    b, a, b_proofs, a_proofs = widths
    assert abs(b / a - 2) < 0.02 and abs(a_proofs / a - 3) < 0.03
    assert b_proofs == 0
    first, second = (float(bar.get("y")) for bar in short.iter("rect"))
    assert second < first  # A, the last one drawn, is at the top


def test_a_chart_is_told_in_words():
    chart = stacked()
    picture = ET.fromstring(chart.svg)
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "time-title time-description"
    assert picture.find("title").text == "Time <1>"
    assert picture.find("desc").text == (
        "A: 40: Short 10, Proofs & more 30; B: 20: Short 20, Proofs & more 0 (minutes)"
    )
    tips = [tip.text for tip in picture.findall(".//g[@class='tip']/title")]
    assert tips == [
        *("B: 20, Short: 20", "A: 40, Short: 10"),
        *("B: 20, Proofs & more: 0", "A: 40, Proofs & more: 30"),
    ]
    assert chart.legend == ("Short", "Proofs & more")


def test_one_part_needs_no_legend():
    assert stacked_bars("time", "Time", ["A", "B"], PARTS[:1], unit="minutes").legend == ()


def test_no_day_no_script_no_style_is_left(monkeypatch):
    first, second = (drawn_by_day(day, monkeypatch) for day in (1, 2))
    assert first == second
    for foreign in ("<script", "<style", "http", "2030", "pygal"):
        assert foreign not in first.svg


def test_the_parser_of_the_machine_does_not_matter():
    with_lxml = stacked()
    etree = library().etree.etree
    known = etree.lxml
    try:
        etree.to_etree()
        assert stacked() == with_lxml
    finally:
        if known:
            etree.to_lxml()


def test_a_histogram_counts():
    values = {146: 1, 147: 3, 150: 2}
    chart = histogram("minutes", "Minutes", values, smallest=1, noun="papers")
    told = ET.fromstring(chart.svg).find("desc").text
    assert told == "145.5 to 146.5: 1; 146.5 to 147.5: 3; 149.5 to 150.5: 2 (number of papers)"
    assert chart.counted == "number of papers"


@given(
    st.lists(st.integers(0, 10_000), min_size=1),
    st.sampled_from([1, 0.05]),
)
def test_every_value_lies_in_one_of_few_bins(numbers, smallest):
    values = [number * smallest for number in numbers]
    edges, labels = bins(values, smallest)
    assert edges == sorted(set(edges))
    assert len(edges) <= 17 and len(labels) in (len(edges), len(edges) - 1)
    assert edges[0] <= min(values) + 1e-6 and max(values) <= edges[-1] + 1e-6


@given(st.lists(st.integers(-50, 50), min_size=1), st.floats(0, 1))
def test_quantiles_lie_between_the_ends(values, share):
    found = quantile(values, share)
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9
    assert quantile(values, 0) == min(values) and quantile(values, 1) == max(values)


def test_half_of_the_values_lie_below_the_median():
    assert quantile([5, 1, 2, 4], 0.5) == 3
    assert quantile([], 0.5) == 0


def test_small_words():
    assert [shown(number) for number in (3.0, 2.818, 0.5, 100)] == ["3", "2.82", "0.5", "100"]
    assert (span([4, 4]), span([4, 2, 9])) == ("4", "2–9")
    assert [heat(value, 32) for value in (0, 0.1, 16, 32)] == [0, 1, 4, 9]
    assert heat(0, 0) == 0


def test_formulas_in_titles_become_plain_text():
    assert plain("The space $L^2(\\mu)$ is complete") == "The space L^2(μ) is complete"
    assert plain("At 50% of $5$") == "At 50% of 5"
    assert plain("Balls in $\\R^n$") == "Balls in $\\R^n$"  # the course's own macro
    assert plain("Costs $5") == "Costs $5"
