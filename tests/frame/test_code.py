"""What tells one version of the code, or of a library, from another."""

import importlib.metadata
import sys

import pytest

import notesbuild
from notesbuild.run import code
from notesbuild.run.code import code_digest, version_of


@pytest.fixture(autouse=True)
def nothing_known():
    yield
    for known in (code._versions, code.code_digest, code._folder_digest):
        known.cache_clear()


@pytest.mark.parametrize("library", ["pydantic", "PyYAML", "markdown_it_py", "sphinxcontrib-katex"])
def test_the_version_is_the_one_that_is_installed(library):
    assert version_of(library) == importlib.metadata.version(library)


def test_a_library_is_found_where_python_looks_first(tmp_path, monkeypatch):
    for folder, version in (("one", "7.1"), ("two", "7.0")):
        (tmp_path / folder / f"Some_Library-{version}.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "one"), str(tmp_path / "two"), "/nowhere"])
    code._versions.cache_clear()
    assert version_of("some.library") == "7.1"
    assert version_of("another-library") == ""


def test_the_digest_changes_with_any_file_of_the_code(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "exam/parts").mkdir(parents=True)
    (package / "pdf").mkdir()
    (package / "exam/one.py").write_text("a")
    (package / "exam/parts/two.sty").write_text("b")
    monkeypatch.setattr(notesbuild, "__file__", str(package / "__init__.py"))
    seen = set()

    def digest():
        code.code_digest.cache_clear()
        code._folder_digest.cache_clear()
        return code_digest("exam", "pdf")

    seen.add(digest())
    (package / "exam/one.pyc").write_text("no code of ours")
    assert digest() in seen
    for change in (
        lambda: (package / "exam/one.py").write_text("c"),
        lambda: (package / "exam/parts/two.sty").rename(package / "exam/two.sty"),
        lambda: (package / "exam/two.sty").rename(package / "pdf/two.sty"),
        (package / "pdf/two.sty").unlink,
    ):
        change()
        assert digest() not in seen
        seen.add(digest())
