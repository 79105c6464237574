#!/usr/bin/env bash
# Builds and runs every example: its program if it has one, and its tests if it has any.
set -euo pipefail
. "$(dirname "$0")/common.sh"

shopt -s nullglob
for manifest in Examples/*/Package.swift; do
    example=$(dirname "$manifest")
    say "$example"
    if compgen -G "$example/Sources/*/*.swift" >/dev/null && grep -q executableTarget "$manifest"; then
        timeout 600 swift run --package-path "$example" </dev/null
    fi
    if [ -d "$example/Tests" ]; then
        timeout 900 swift test --package-path "$example" </dev/null
    fi
done

# The README's example is the quickstart: what is printed there has been run here.
shown=$(awk '/^```swift$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' README.md)
[ "$shown" = "$(cat Examples/Quickstart/Sources/Quickstart/main.swift)" ] ||
    die "the first Swift example of README.md is not Examples/Quickstart/Sources/Quickstart/main.swift"
