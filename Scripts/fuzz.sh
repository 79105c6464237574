#!/usr/bin/env bash
# Gives mutated bytes to everything that reads files and messages, under libFuzzer and the address sanitizer.
#
#   Scripts/fuzz.sh [TARGET...]
#
# Without a name every target runs. CHURN_FUZZ_SECONDS is the time for each (60); `make fuzz`. With CHURN_FUZZ_RUNS a
# number of runs for each instead, which is what CI affords. New inputs go to .work/fuzz; a crash is kept there and ends
# the script with status 1. The first build takes some minutes: every module is built again with the sanitizers.
set -euo pipefail
. "$(dirname "$0")/common.sh"

seconds=${CHURN_FUZZ_SECONDS:-60}
runs=${CHURN_FUZZ_RUNS:-}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(domain csv infer manifest booster-json booster-ubj event command)

Scripts/setup.sh run
say "building the fuzz targets"
swift build --package-path Fuzz --scratch-path .build-fuzz --product churn-fuzz \
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library
program=$(swift build --package-path Fuzz --scratch-path .build-fuzz --show-bin-path)/churn-fuzz

# Swift's runtime keeps what it allocates once; that is no leak of ours.
export ASAN_OPTIONS="detect_leaks=0 ${ASAN_OPTIONS:-}"
failed=0
for target in "${targets[@]}"; do
    [ -d "Fuzz/Corpus/$target" ] || die "there is no target $target"
    found=$work/fuzz/$target
    mkdir -p "$found/new"
    limit=(-max_total_time="$seconds")
    [ -z "$runs" ] || limit=(-runs="$runs" -seed=1)
    say "$target"
    CHURN_FUZZ_TARGET=$target "$program" "${limit[@]}" -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$found/" "$found/new" "Fuzz/Corpus/$target" >"$found/log" 2>&1 || failed=1
    grep -E '^(stat::number_of_executed_units|SUMMARY|Fatal error|.*Test unit written|.*BINGO)' "$found/log" >&2 || true
done
[ "$failed" -eq 0 ] || die "a target crashed; its input and log are in $work/fuzz"
say "no crash in ${#targets[@]} targets"
