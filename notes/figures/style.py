"""The common look of the figures: settings, colours by name, and saving them reproducibly."""

from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

matplotlib.use("Agg")
matplotlib.rcParams.update(
    {
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.facecolor": "white",
        "font.family": "serif",
        "font.size": 9,
        "mathtext.fontset": "cm",
        "svg.fonttype": "path",
        "svg.hashsalt": "notesbuild",
    }
)

BLUE, BROWN, GREEN, GREY = "#1f4e79", "#b5651d", "#5a7d3a", "#555555"


def save(figure: Figure, path: str) -> None:
    """Write .svg and .pdf beside the script at ``path``; without dates, so always the same."""
    script = Path(path)
    figure.savefig(script.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(script.with_suffix(".pdf"), metadata={"CreationDate": None})
