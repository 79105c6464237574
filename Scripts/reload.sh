#!/usr/bin/env bash
# 100 swaps of the model during 200,000 events over PostgreSQL and a broker: no batch with two models, nothing lost;
# prints the time from a record to its row with and without swaps, in turns. Its p99 with swaps may be
# CHURN_TEST_RELOAD_RATIO (2) times that without; CHURN_TEST_RELOAD_EVENTS, _SWAPS and _RATE set other sizes. Measures
# the release build, which is made, unless CHURND names a program.
set -euo pipefail
. "$(dirname "$0")/common.sh"

Scripts/setup.sh test
if [ -z "${CHURND:-}" ]; then
    swift build -c release --product churnd
    CHURND=$(swift build -c release --show-bin-path)/churnd
fi
export CHURND
export CHURN_TEST_RELOAD_EVENTS=${CHURN_TEST_RELOAD_EVENTS:-200000}
export CHURN_TEST_RELOAD_SWAPS=${CHURN_TEST_RELOAD_SWAPS:-100}
export CHURN_TEST_RELOAD_RATE=${CHURN_TEST_RELOAD_RATE:-2000}
export CHURN_TEST_RELOAD_RATIO=${CHURN_TEST_RELOAD_RATIO:-2}
python=$(Scripts/python.sh)
exec Scripts/with-servers.sh "$python" -m pytest -q -s Tests/Integration/test_models.py -k swaps
