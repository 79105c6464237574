#!/usr/bin/env bash
# 100 swaps of the model during 200,000 events over PostgreSQL and a broker: no batch with two models, nothing lost;
# prints the time from a record to its row with and without swaps, in turns. CHURN_TEST_RELOAD_EVENTS, _SWAPS and _RATE
# set other sizes.
set -euo pipefail
. "$(dirname "$0")/common.sh"

Scripts/setup.sh test
if [ -z "${CHURND:-}" ]; then
    swift build --product churnd
    CHURND=$(swift build --show-bin-path)/churnd
fi
export CHURND
export CHURN_TEST_RELOAD_EVENTS=${CHURN_TEST_RELOAD_EVENTS:-200000}
export CHURN_TEST_RELOAD_SWAPS=${CHURN_TEST_RELOAD_SWAPS:-100}
export CHURN_TEST_RELOAD_RATE=${CHURN_TEST_RELOAD_RATE:-2000}
python=$(Scripts/python.sh)
exec Scripts/with-servers.sh "$python" -m pytest -q -s Tests/Integration/test_models.py -k swaps
