#!/usr/bin/env bash
# Unit and simulation tests under the thread sanitizer; the first race ends the run. A build of its own, in .build-tsan.
set -euo pipefail
. "$(dirname "$0")/common.sh"

Scripts/setup.sh run
say "building with the thread sanitizer"
swift build --build-tests --sanitize=thread --scratch-path .build-tsan
export TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/Scripts/tsan-suppressions.txt ${TSAN_OPTIONS:-}"
export CHURN_SIMULATION_SEEDS=${CHURN_SIMULATION_SEEDS:-200}
for target in ${TARGETS:-ChurnCoreTests ChurnInsightTests ChurnMemoryTests ChurnTestingTests ChurnModelTests ChurnServeTests ChurnNotifyTests}; do
    say "$target"
    order=(--parallel)
    # Its tests wait for real deadlines, which pass too soon where slowed-down tests run beside each other.
    if [ "$target" = ChurnServeTests ]; then order=(--no-parallel); fi
    timeout 1200 swift test "${order[@]}" --skip-build --sanitize=thread --scratch-path .build-tsan \
        --filter "^$target\\."
done
say "no race was found"
