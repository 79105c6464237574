#!/usr/bin/env bash
# Finds in logs of test runs what was skipped and why.
#
#   Scripts/skipped.sh list LOG...     prints each skip once
#   Scripts/skipped.sh check LOG...    status 1 where this machine could have run one of them; prints which
#
# Scripts/allowed-skips.txt lists what may be skipped, when and why.
set -euo pipefail
. "$(dirname "$0")/common.sh"

# Swift Testing, pytest, node's test runner, and our own scripts.
skips() {
    sed -nE \
        -e 's/\x1b\[[0-9;]*m//g' \
        -e 's/^[^[:alnum:][:space:]]+ ((Test|Suite) .*) skipped(: (.*))?\.?$/\1: \4/p' \
        -e 's/^SKIPPED \[[0-9]+\] (.*)$/\1/p' \
        -e 's/^[[:space:]]*(ok|﹣|-) (.*# SKIP.*)$/\2/p' \
        -e 's/^== NOT RUN: (.*)$/\1/p' "$@" | LC_ALL=C sort -u
}

# Whether a skip is one that the list allows on this machine.
is_allowed() {
    local pattern condition
    while IFS=$'\t' read -r pattern condition _; do
        case $pattern in "" | "#"*) continue ;; esac
        [[ $1 =~ $pattern ]] || continue
        # The conditions are ours and stand in the repository.
        if eval "$condition" >/dev/null 2>&1; then return 0; fi
    done <Scripts/allowed-skips.txt
    return 1
}

action=${1:-}
[ $# -ge 2 ] || usage
shift
case $action in
list) skips "$@" ;;
check)
    wrong=()
    while IFS= read -r skip; do
        is_allowed "$skip" </dev/null || wrong+=("$skip")
    done < <(skips "$@")
    [ ${#wrong[@]} -eq 0 ] || {
        printf '  %s\n' "${wrong[@]}" >&2
        die "this machine could have run what was skipped above (Scripts/allowed-skips.txt says what may be)"
    }
    ;;
*) usage ;;
esac
