"""The two functions that bound a self-concordant function."""

from __future__ import annotations

import math


def omega(s: float) -> float:
    return s - math.log1p(s)


def omega_star(s: float) -> float:
    return -s - math.log1p(-s)
