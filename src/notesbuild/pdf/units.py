"""Lengths: everything about pages is told in PDF points (1/72 inch)."""

from __future__ import annotations

POINTS_PER_PT = 72 / 72.27
"""PDF points in one of TeX's points."""

POINTS_PER_MM = 72 / 25.4
POINTS_PER_SP = POINTS_PER_PT / 65536


def mm(points: float) -> float:
    """Millimetres from PDF points."""
    return points / POINTS_PER_MM


def number(value: float) -> str:
    """A number as PDF files write it: at most three decimals, no exponent, no trailing zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
