"""Colours that everybody can tell apart from the paper, by day and by night (WCAG 2.1 AA)."""

from __future__ import annotations

import re

import pytest

from notesbuild.render.environment import TEMPLATES

CSS = (TEMPLATES / "report.css").read_text("utf-8")
HEATS = {int(n): int(share) for n, share in re.findall(r"\.h(\d) \{[^}]*/ (\d+)%", CSS)}


def palettes():
    light, dark = re.findall(r":root \{([^}]*--paper[^}]*)\}", CSS)
    return {"light": variables(light), "dark": variables(light) | variables(dark)}


def variables(block):
    return dict(re.findall(r"--([\w-]+):\s*([^;]+?)\s*;", block))


def rgb(colour):
    if not colour.startswith("#"):
        return tuple(map(int, colour.split()))
    digits = colour[1:]
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    return tuple(int(digits[n : n + 2], 16) for n in (0, 2, 4))


def luminance(colour):
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def over(top, bottom, share):
    return tuple(share * a + (1 - share) * b for a, b in zip(top, bottom, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(scheme):
    colours = {name: rgb(value) for name, value in palettes()[scheme].items() if "#" in value}
    for word in ("ink", "soft", "accent", "warn", "good"):
        assert contrast(colours[word], colours["paper"]) >= 4.5, word
    assert contrast(colours["ink"], colours["warn-tint"]) >= 4.5
    assert contrast(colours["warn"], colours["warn-tint"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_can_be_read_on_every_heat(scheme):
    colours = palettes()[scheme]
    paper, ink, hot = rgb(colours["paper"]), rgb(colours["ink"]), rgb(colours["heat"])
    assert sorted(HEATS) == list(range(1, 10))
    shades = [over(hot, paper, HEATS[step] / 100) for step in sorted(HEATS)]
    assert all(contrast(ink, shade) >= 4.5 for shade in shades)
    assert contrast(shades[-1], paper) > contrast(shades[0], paper) + 0.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_can_be_seen(scheme):
    colours = palettes()[scheme]
    names = [name for name in colours if re.fullmatch(r"[ks]\d", name)]
    assert len(names) == 11
    for name in names:
        assert contrast(rgb(colours[name]), rgb(colours["paper"])) >= 3, name
    steps = [contrast(rgb(colours[f"s{n}"]), rgb(colours["paper"])) for n in range(5)]
    assert steps == sorted(steps)


def test_a_pale_colour_would_be_found():
    assert contrast(rgb("#999"), rgb("#fff")) < 4.5
    assert round(contrast(rgb("#000"), rgb("#fff"))) == 21
