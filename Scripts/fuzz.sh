#!/usr/bin/env bash
# Gives mutated bytes to everything that reads files and messages, under libFuzzer and the address sanitizer.
#
#   Scripts/fuzz.sh [TARGET...]
#
# Without a name every target runs. CHURN_FUZZ_SECONDS is the time for each (60), CHURN_FUZZ_JOBS how many run at the same
# time (one for each processor), CHURN_FUZZ_RUNS a number of runs for each instead of a time, CHURN_FUZZ_SEED a seed to
# repeat. Prints for each target how many inputs were tried and what libFuzzer counts of our code before and after: edges
# (cov) and features (ft). New inputs go to .work/fuzz; a crash is kept there and ends the script with status 1. The first
# build takes some minutes: every module is built again with the sanitizers.
set -euo pipefail
. "$(dirname "$0")/common.sh"

seconds=${CHURN_FUZZ_SECONDS:-60}
at_once=${CHURN_FUZZ_JOBS:-$(getconf _NPROCESSORS_ONLN)}
limit=(-max_total_time="$seconds")
[ -z "${CHURN_FUZZ_RUNS:-}" ] || limit=(-runs="$CHURN_FUZZ_RUNS")
[ -z "${CHURN_FUZZ_SEED:-}" ] || limit+=(-seed="$CHURN_FUZZ_SEED")
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(domain csv infer manifest booster-json booster-ubj event command)
for target in "${targets[@]}"; do [ -d "Fuzz/Corpus/$target" ] || die "there is no target $target"; done

Scripts/setup.sh run
say "building the fuzz targets"
flags=(--package-path Fuzz --scratch-path .build-fuzz)
swift build "${flags[@]}" --product churn-fuzz -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library
program=$(swift build "${flags[@]}" --show-bin-path)/churn-fuzz

# Swift's runtime keeps what it allocates once; that is no leak of ours.
export ASAN_OPTIONS="detect_leaks=0 ${ASAN_OPTIONS:-}"

# Runs one target; leaves its exit status in .work/fuzz/TARGET/status.
fuzz() {
    local found=$work/fuzz/$1 status=0
    mkdir -p "$found/new"
    CHURN_FUZZ_TARGET=$1 "$program" "${limit[@]}" -max_len=16384 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$found/" "$found/new" "Fuzz/Corpus/$1" >"$found/log" 2>&1 || status=$?
    echo "$status" >"$found/status"
    local first last tried
    first=$(grep -E 'INITED' "$found/log" | grep -oE 'cov: [0-9]+ ft: [0-9]+' || true)
    last=$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$found/log" | tail -n 1 || true)
    tried=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log")
    printf '%-13s %9s inputs, %s, then %s\n' "$1" "${tried:-no}" "${first:-nothing}" "${last:-nothing}"
    [ "$status" -eq 0 ] || grep -E '^(SUMMARY|Fatal error|finding)|Test unit written' "$found/log" || true
}

say "${#targets[@]} targets, $at_once at a time"
for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n; done
    rm -f "$work/fuzz/$target/status"
    fuzz "$target" &
done
wait
failed=()
for target in "${targets[@]}"; do
    log=$work/fuzz/$target/log
    [ "$(cat "$work/fuzz/$target/status" 2>/dev/null)" = 0 ] || failed+=("$target")
    # Without counters in our code the mutations would be blind.
    grep -qE 'INITED cov: [1-9]' "$log" || failed+=("$target (not instrumented)")
done
[ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}; inputs and logs are in $work/fuzz"
say "no crash in ${#targets[@]} targets"
