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
    say "$(basename "$0"): $python has no xgboost; on Debian: apt-get install -y python3-xgboost"
    exit 3
}

# Sets CHURND to the program, which is built for debugging unless CHURND names one, and `scratch` to a folder that goes
# away with the script.
# shellcheck disable=SC2034
prepare_comparison() {
    require_xgboost
    if [ -z "${CHURND:-}" ]; then
        swift build --product churnd >&2
        CHURND=$(swift build --show-bin-path)/churnd
    fi
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
}
