"""An SVG that can stand inside of a page: names of its own, and the size of the text around it."""

import re
from hashlib import sha256
from xml.etree import ElementTree

TEXT_SIZE = 10.95
"""The size of the letters beside which pictures are drawn, in points."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_LINK = re.compile(r"url\(#([^)]+)\)")


def inline_svg(content: bytes) -> str:
    """The picture without a declaration, with names that no other picture has.

    Its size is given in the letters of the text, so that it grows with them.
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(content)
    prefix = f"nb-{sha256(content).hexdigest()[:10]}-"
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            element.set(key, _renamed(key, value, prefix))
    width = float(root.get("width", "0").removesuffix("pt"))
    root.attrib.pop("height", None)
    root.set("width", "100%")
    root.set("style", f"max-width:{width / TEXT_SIZE:.4g}em")
    return ElementTree.tostring(root, "unicode").strip()


def _renamed(key: str, value: str, prefix: str) -> str:
    if key == "id":
        return prefix + value
    if key.endswith("href") and value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    return _LINK.sub(rf"url(#{prefix}\1)", value)
