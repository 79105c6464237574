# shellcheck shell=bash
# Shared by the scripts in this folder: `. "$(dirname "$0")/common.sh"` after `set -euo pipefail`.

# The repository's root; every script works there.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# Where scripts keep what they make; ignored by git and removed by `make clean`.
# shellcheck disable=SC2034
work=$root/.work

say() {
    printf '== %s\n' "$*" >&2
}

# Says that a part of the tests is not run on this machine, and why; Scripts/skipped.sh finds it in the log.
not_run() {
    printf '== NOT RUN: %s\n' "$*" >&2
}

# Whether apt has this package; where it has read no lists yet, root lets it read them first.
is_offered() {
    command -v apt-cache >/dev/null 2>&1 || return 1
    # Not a pipe into a grep that stops reading: apt-cache fails on the broken pipe, and pipefail calls that "no".
    case "$(apt-cache policy "$1" 2>/dev/null)" in *"Candidate: ("* | "") ;; *"Candidate: "*) return 0 ;; esac
    [ "$(id -u)" = 0 ] && [ -z "${lists_read:-}" ] || return 1
    lists_read=yes
    apt-get update -q >&2 && is_offered "$1"
}

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Files of the project with this ending, one a line: what git knows and would not ignore.
project_files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard -- "*.$1" | while read -r file; do
            # A file that was deleted and not yet committed is still listed.
            if [ -f "$file" ]; then printf '%s\n' "$file"; fi
        done
    else
        find . -name "*.$1" -not -path '*/.build/*' -not -path './.work/*' | sed 's|^\./||'
    fi
}

# Needs a Python with xgboost ($PYTHON, or Debian's); sets `python`. Status 3 means that there is none.
require_xgboost() {
    python=${PYTHON:-/usr/bin/python3}
    "$python" -c 'import xgboost, numpy' 2>/dev/null && return
    not_run "$(basename "$0"): $python has no xgboost; on Debian: apt-get install -y python3-xgboost"
    exit 3
}

# Prints the comment at the head of the script and ends it.
usage() {
    sed -n '2,/^[^#]/{/^#/{s/^# \{0,1\}//;p}}' "$0" >&2
    exit 2
}

# Sets up a comparison with Python, which is given the script's arguments. Sets `arguments` to them without the option
# --release or --debug before them, CHURND to the program, and `scratch` to a folder that goes away with the script.
#
# The program is the one that the option asks for, or CHURND names, or else the release build where there is one: it
# trains several times as fast. What is built is brought up to date first.
# shellcheck disable=SC2034
prepare_comparison() {
    local configuration=""
    case ${1:-} in --release | --debug) configuration=${1#--} && shift ;; esac
    [ $# -ge 1 ] || usage
    [ -f "$1" ] || die "there is no file $1; paths begin at the project's folder"
    arguments=("$@")
    require_xgboost
    if [ -z "$configuration" ] && [ -z "${CHURND:-}" ]; then
        configuration=debug
        [ ! -x "$(swift build -c release --show-bin-path)/churnd" ] || configuration=release
    fi
    if [ -n "$configuration" ]; then
        swift build -c "$configuration" --product churnd >&2
        CHURND=$(swift build -c "$configuration" --show-bin-path)/churnd
    fi
    say "comparing $CHURND"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
}

# Sets `model` to the folder that the second argument names, or to a model that is trained on the first.
# shellcheck disable=SC2034
prepare_model() {
    model=${2:-$scratch/model}
    [ $# -ge 2 ] || "$CHURND" train "$1" --output "$model" >&2
}

# The settings that Docs/postgresql.md gives, in the server's own format.
documented_settings() {
    sed -n '/^```ini$/,/^```$/{//!p}' Docs/postgresql.md
}
