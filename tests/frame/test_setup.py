"""The set-up script, with stand-ins for apt-get, sudo, Python and the programs it looks for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from notesbuild.run.doctor import needs

TOP = Path(__file__).resolve().parents[2]
SHELL_TOOLS = (
    "cat",
    "chmod",
    "cksum",
    "cp",
    "dirname",
    "fold",
    "mkdir",
    "sed",
    "sh",
    "sort",
    "tail",
    "touch",
    "tr",
    "id",
    "env",
)

# Stands in for python3: it makes virtual environments whose python3 does nothing but take notes.
PYTHON = """#!/bin/sh
case "$1" in
    -c) exit ${PYTHON_IS_OLD:-0} ;;
    --version) echo "Python 3.11.2"; exit ;;
esac
echo "python3 $*" >> "$NOTES"
if [ "$2" = venv ]; then
    mkdir -p "$4/bin"
    cp "$0" "$4/bin/python"
    [ -n "$PIP_FAILS" ] || { echo '#!/bin/sh' > "$4/bin/notesbuild"; chmod +x "$4/bin/notesbuild"; }
fi
if [ "$2" = pip ] && [ -n "$PIP_FAILS" ]; then echo "pip has a reason"; exit 1; fi
exit 0
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >> "$NOTES"
[ "$1" = update ] && exit ${UPDATE_FAILS:-0}
[ -n "$APT_FAILS" ] && { echo "E: no such package"; exit 100; }
for file in $APT_BRINGS; do touch "$FILES/$file"; done
for name in kpsewhich pdflatex pdftex lualatex pdftocairo rsvg-convert; do
  cp "$FILES/$name" "$BIN/"
done
"""
KPSEWHICH = """#!/bin/sh
for last; do :; done
[ -e "$FILES/$last" ] && echo "$FILES/$last"
"""


PROGRAMS = ("pdflatex", "pdftex", "lualatex", "pdftocairo", "rsvg-convert")


class Machine:
    """A folder of programs, and a copy of the repository's set-up."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.bin = folder / "bin"
        self.files = folder / "files"
        self.notes = folder / "notes"
        for path in ("scripts/setup.sh", "src/notesbuild/run/needs.txt", "pyproject.toml"):
            self.copy(path)
        self.copy("constraints.txt")
        self.copy("build_hooks/katex_assets.py")
        marker = self.repository / "src/notesbuild/sphinxext/static/katex/VERSION"
        marker.parent.mkdir(parents=True)
        marker.touch()
        self.bin.mkdir()
        self.files.mkdir()
        for tool in SHELL_TOOLS:
            found = shutil.which(tool)
            if found:
                (self.bin / tool).symlink_to(found)
        self.write(self.files / "kpsewhich", KPSEWHICH)
        for name in PROGRAMS:
            self.write(self.files / name, "#!/bin/sh\n")

    def copy(self, path: str) -> None:
        target = self.repository / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / path, target)

    def write(self, path: Path, text: str) -> None:
        path.unlink(missing_ok=True)  # a link would lead to this machine's own program
        path.write_text(text)
        path.chmod(0o755)

    def add(self, name: str, text: str) -> None:
        self.write(self.bin / name, text)

    def has_tex(self) -> None:
        for name in ("kpsewhich", *PROGRAMS):
            shutil.copy(self.files / name, self.bin)
        for need in needs():
            (self.files / need.names[0]).touch()

    def set_up(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        brings = " ".join(need.names[0] for need in needs() if need.kind != "program")
        return subprocess.run(
            ["/bin/sh", "scripts/setup.sh", *arguments],
            cwd=self.repository,
            env={
                "PATH": str(self.bin),
                "NOTES": str(self.notes),
                "FILES": str(self.files),
                "BIN": str(self.bin),
                "APT_BRINGS": brings,
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def noted(self) -> str:
        return self.notes.read_text() if self.notes.exists() else ""


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def test_a_complete_machine_gets_python_packages_only(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert done.stderr == "Installing notesbuild in .venv with Python 3.11.2\n"
    assert done.stdout == ""
    assert "apt-get" not in machine.noted()
    assert re.search(r"pip .*install --quiet -c constraints.txt -e \.$", machine.noted(), re.M)


def test_a_second_run_does_nothing(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    machine.set_up()
    before = machine.noted()
    again = machine.set_up()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.noted() == before


@pytest.mark.parametrize(
    "path", ["pyproject.toml", "constraints.txt", "build_hooks/katex_assets.py"]
)
def test_a_change_of_the_packages_is_noticed(machine, path):
    machine.has_tex()
    machine.add("python3", PYTHON)
    machine.set_up()
    with (machine.repository / path).open("a") as file:
        file.write("# changed\n")
    assert "Installing notesbuild" in machine.set_up().stderr


def test_an_environment_is_kept_until_its_folder_moves(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    machine.set_up()
    with (machine.repository / "constraints.txt").open("a") as file:
        file.write("# changed\n")
    machine.set_up()
    assert machine.noted().count("-m venv") == 1
    machine.repository = machine.repository.rename(machine.repository.with_name("moved"))
    assert "Installing notesbuild" in machine.set_up().stderr
    assert machine.noted().count("-m venv") == 2


def test_assets_that_were_deleted_are_noticed(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    machine.set_up()
    (machine.repository / "src/notesbuild/sphinxext/static/katex/VERSION").unlink()
    assert "Installing notesbuild" in machine.set_up().stderr


def test_the_tests_need_more(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    machine.add("pdftoppm", "#!/bin/sh\n")
    machine.add("google-chrome", "#!/bin/sh\n")
    assert machine.set_up("test").returncode == 0
    assert "--group test --group lint" in machine.noted()
    assert machine.set_up("build").stderr == ""


def test_the_figures_need_more(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    assert machine.set_up("figures").returncode == 0
    assert re.search(r"-e \. --group figures$", machine.noted(), re.M)
    assert machine.set_up("build").stderr == ""


def test_a_bare_machine_gets_everything_through_apt(machine):
    machine.add("apt-get", APT_GET)
    machine.add("id", "#!/bin/sh\necho 0\n")
    machine.write(machine.files / "python3", PYTHON)
    machine.add("apt-get", APT_GET + 'cp "$FILES/python3" "$BIN/"\n')
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    installed = re.search(r"install (.*)", machine.noted())
    assert installed is not None
    words = installed[1].split()
    wanted = {need.package for need in needs() if need.group != "test"}
    assert wanted | {"python3", "python3-venv"} <= set(words)
    assert "--no-install-recommends" in words
    assert "chromium" not in words


def test_somebody_else_than_root_uses_sudo(machine):
    machine.add("python3", PYTHON)
    machine.add("apt-get", APT_GET)
    machine.add("id", "#!/bin/sh\necho 1000\n")
    machine.add("sudo", '#!/bin/sh\necho "sudo $1" >> "$NOTES"\nexec "$@"\n')
    assert machine.set_up().returncode == 0
    assert "sudo apt-get\napt-get update" in machine.noted()


def stops(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 3
    assert done.stdout == ""
    return done.stderr


def test_without_apt_it_says_what_to_install(machine):
    machine.add("python3", PYTHON)
    said = stops(machine.set_up())
    wanted = {need.package for need in needs() if need.group != "test"}
    for need in needs():
        assert (need.package in said) == (need.package in wanted), need
    assert "exit code 3" in said
    assert not (machine.repository / ".venv").exists()


def test_without_root_and_sudo_it_says_what_to_install(machine):
    machine.add("python3", PYTHON)
    machine.add("apt-get", APT_GET)
    machine.add("id", "#!/bin/sh\necho 1000\n")
    assert "only root may install" in stops(machine.set_up())
    assert machine.noted() == ""


def test_an_old_python_is_not_used(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    said = stops(machine.set_up(PYTHON_IS_OLD="1"))
    assert "python3" in said and "texlive" not in said


def test_a_failure_of_apt_shows_the_end_of_its_log(machine):
    machine.add("python3", PYTHON)
    machine.add("apt-get", APT_GET)
    machine.add("id", "#!/bin/sh\necho 0\n")
    said = stops(machine.set_up(APT_FAILS="1"))
    assert "    E: no such package" in said
    assert "build/setup.log" in said


def test_apt_that_brings_nothing_is_noticed(machine):
    machine.add("python3", PYTHON)
    machine.add("apt-get", APT_GET)
    machine.add("id", "#!/bin/sh\necho 0\n")
    assert "something is missing still" in stops(machine.set_up(APT_BRINGS=""))


def test_lists_that_cannot_be_updated_are_tried(machine):
    machine.add("python3", PYTHON)
    machine.add("apt-get", APT_GET)
    machine.add("id", "#!/bin/sh\necho 0\n")
    done = machine.set_up(UPDATE_FAILS="1")
    assert done.returncode == 0
    assert "apt-get update failed" in done.stderr


def test_a_failure_of_pip_shows_the_end_of_its_log_and_is_tried_again(machine):
    machine.has_tex()
    machine.add("python3", PYTHON)
    assert "    pip has a reason" in stops(machine.set_up(PIP_FAILS="1"))
    assert "Installing notesbuild" in machine.set_up().stderr


def test_wrong_usage(machine):
    assert machine.set_up("nonsense").returncode == 2


def test_make_knows_its_targets():
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for target in ("build", "test", "lint", "docs", "figures", "bench", "clean"):
        assert f"make {target} " in listed


def test_continuous_integration_runs_the_same_command():
    script = TOP / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"
    assert ".ci/run" in (TOP / ".github/workflows/test.yml").read_text()
