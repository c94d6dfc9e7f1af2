#!/bin/sh
# Sets notesbuild up in this folder: system packages through apt-get where some are missing,
# and the Python packages in .venv. Does nothing when all of that has been done before.
#
#   scripts/setup.sh         what a build needs
#   scripts/setup.sh test    also what the tests need
#   scripts/setup.sh figures also what draws the figures of the notes
#
# Exit code 3: a program is missing and cannot be installed from here.
set -eu

cd "$(dirname "$0")/.."
NEEDS=src/notesbuild/run/needs.txt
VENV=.venv
LOG=build/setup.log

purpose=${1:-build}
case $purpose in
    build) groups="build optional" extras="" ;;
    test) groups="build optional test" extras="--group test --group lint" ;;
    figures) groups="build optional" extras="--group figures" ;;
    *) echo "usage: scripts/setup.sh [build|test|figures]" >&2; exit 2 ;;
esac
stamp=$VENV/set-up-for-$purpose

say() { echo "$*" >&2; }

# A virtual environment does not survive being moved, so the folder is part of the key.
key() { { pwd; cat scripts/setup.sh pyproject.toml constraints.txt "$NEEDS" build_hooks/*.py; } | cksum; }

is_set_up() {
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(key)" ] && [ -x "$VENV/bin/notesbuild" ] &&
        [ -f src/notesbuild/sphinxext/static/katex/VERSION ]
}

fail_with_log() {
    say ""
    say "$1 The last lines of $LOG:"
    tail -n 20 "$LOG" | sed 's/^/    /' >&2
    exit 3
}

# --- System packages ------------------------------------------------------------------

has() { # kind name
    case $1 in
        program) for name in $(echo "$2" | tr '|' ' '); do
                command -v "$name" >/dev/null 2>&1 && return 0
            done; return 1 ;;
        texfile) [ -n "$(kpsewhich "$2" 2>/dev/null)" ] ;;
        texfont) [ -n "$(kpsewhich -progname=lualatex "$2" 2>/dev/null)" ] ;;
    esac
}

missing_packages() { # groups
    while read -r kind name group package _; do
        case $kind in program | texfile | texfont) ;; *) continue ;; esac
        case " $1 " in *" $group "*) ;; *) continue ;; esac
        has "$kind" "$name" || echo "$package"
    done <"$NEEDS" | sort -u
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
        then
            echo "$name"
            return
        fi
    done
}

python_packages() {
    [ -z "$(find_python)" ] || return 0
    if python3 -c 'import sys; sys.exit(sys.version_info >= (3, 11))' 2>/dev/null; then
        echo "python3.11 python3.11-venv" # the system's own Python is older
    else
        echo "python3 python3-venv"
    fi
}

stop_with_list() { # reason packages
    say "$1 Please install what notesbuild needs, then run this again:"
    say ""
    say "    Debian, Ubuntu:  apt-get install --no-install-recommends $2"
    say "    elsewhere:       Python 3.11 or later; TeX Live with its collections latexrecommended,"
    say "                     latexextra, fontsrecommended, pictures and luatex (for names in other"
    say "                     scripts than Latin also the fonts Noto and Noto CJK)"
    say ""
    say "(exit code 3: a program is missing)"
    exit 3
}

install_system_packages() {
    packages=$(echo $(python_packages) $(missing_packages "$groups"))
    [ -n "$packages" ] || return 0
    command -v apt-get >/dev/null 2>&1 || stop_with_list "Some programs are missing." "$packages"
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            stop_with_list "Some programs are missing, and only root may install them." "$packages"
        as_root=sudo
    fi
    say "Installing system packages (once; this can take some minutes):"
    echo "$packages" | fold -s -w 84 | sed 's/^/    /' >&2
    mkdir -p build
    : >"$LOG"
    $as_root apt-get update >>"$LOG" 2>&1 || say "apt-get update failed; trying with the lists that are there"
    # shellcheck disable=SC2086  # the packages are words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        $packages >>"$LOG" 2>&1 || fail_with_log "apt-get could not install them."
    still=$(echo $(missing_packages build))
    [ -z "$still" ] || stop_with_list "apt-get has run, but something is missing still." "$still"
}

# --- Python packages ------------------------------------------------------------------

install_python_packages() {
    python=$(find_python)
    [ -n "$python" ] || stop_with_list "There is no Python 3.11 or later." "python3 python3-venv"
    mkdir -p build
    : >"$LOG"
    say "Installing notesbuild in $VENV with $("$python" --version)"
    if [ "$(cat "$VENV/made-in" 2>/dev/null)" != "$(pwd)" ] || ! "$VENV/bin/python" -c ""; then
        "$python" -m venv --clear "$VENV" >>"$LOG" 2>&1 || fail_with_log "$VENV could not be made."
        pwd >"$VENV/made-in"
    fi
    pip="$VENV/bin/python -m pip --disable-pip-version-check install --quiet -c constraints.txt"
    $pip --upgrade pip >>"$LOG" 2>&1 || fail_with_log "pip could not be brought up to date."
    # shellcheck disable=SC2086  # the extras are words
    $pip -e . $extras >>"$LOG" 2>&1 || fail_with_log "pip could not install notesbuild."
}

is_set_up && exit 0
install_system_packages
install_python_packages
[ "$purpose" = build ] || key >"$VENV/set-up-for-build"
key >"$stamp"
