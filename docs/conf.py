"""The documentation is built by the Sphinx extension that it describes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "notesbuild"
copyright = "the notesbuild authors"
html_title = "notesbuild"
extensions = ["notesbuild.sphinxext", "myst_parser", "sphinx_design", "reference"]
exclude_patterns = ["_ext"]
html_theme = "sphinx_book_theme"
html_theme_options = {
    "show_toc_level": 2,
    "home_page_in_toc": False,
    "navbar_persistent": [],
    "use_download_button": False,
}
smartquotes_action = "qe"  # options keep their hyphens
html_copy_source = False
html_show_sphinx = False
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
templates_path: list[str] = []
