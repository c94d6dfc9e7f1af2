"""Makes docs/images/overview.png from what `make build` has built: a page of the site, a paper.

Needs Chromium and Poppler, like the tests.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageFilter
from playwright.sync_api import ViewportSize, sync_playwright

TOP = Path(__file__).resolve().parents[1]
BUILT = TOP / "build/snu-ml-theory-2024"
PAGE = "chapters/optimization/gradient-descent.html#thm-gd-convex"
PAPER = "exams/midterm/midterm-A.pdf"
SIZE = (1600, 930)
VIEWPORT: ViewportSize = {"width": 1180, "height": 1060}
BACKGROUND = (236, 240, 245)


def screenshot(folder: Path) -> Image.Image:
    """The page of the site, as Chromium shows it."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    picture = folder / "page.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEWPORT, device_scale_factor=1.5)
        page.goto(f"file://{BUILT / 'html' / PAGE}")
        page.add_style_tag(content="#pst-back-to-top { display: none !important }")
        page.evaluate("scrollBy({top: -60, behavior: 'instant'})")
        page.wait_for_timeout(1000)
        page.screenshot(path=picture)
        browser.close()
    return Image.open(picture).convert("RGB")


def pages(folder: Path) -> tuple[Image.Image, ...]:
    """The first two pages of the paper."""
    command = ["pdftoppm", "-r", "110", "-l", "2", "-png", str(BUILT / PAPER), str(folder / "p")]
    subprocess.run(command, check=True, capture_output=True)
    return tuple(Image.open(path).convert("RGB") for path in sorted(folder.glob("p-*.png")))


def put(canvas: Image.Image, picture: Image.Image, left: int, top: int, width: int) -> None:
    """Paste a picture with a soft shadow."""
    height = round(picture.height * width / picture.width)
    shadow = Image.new("L", canvas.size, 0)
    shadow.paste(90, (left, top + 6, left + width, top + height + 6))
    canvas.paste((60, 70, 90), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    canvas.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (left, top))


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cover, second = pages(folder)
        canvas = Image.new("RGB", SIZE, BACKGROUND)
        put(canvas, screenshot(folder), 50, 60, 900)
        put(canvas, second, 1110, 60, 440)
        put(canvas, cover, 975, 250, 440)
    target = TOP / "docs/images/overview.png"
    canvas.quantize(192).save(target, optimize=True)


if __name__ == "__main__":
    main()
