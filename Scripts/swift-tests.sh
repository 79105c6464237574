#!/usr/bin/env bash
# Runs the Swift tests that were built, one target after the other, all of them even if one fails.
#
# Tests that wait for servers must not share the process's few threads with simulations that compute for minutes.
# Arguments are passed on to `swift test`, e.g. --sanitize=thread.
set -euo pipefail
. "$(dirname "$0")/common.sh"

failed=()
for folder in Tests/*Tests; do
    target=$(basename "$folder")
    say "$target"
    timeout 1200 swift test --skip-build "$@" --filter "^$target\\." || failed+=("$target")
done
[ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}"
