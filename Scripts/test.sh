#!/usr/bin/env bash
# All tests: units and contracts against a PostgreSQL and a broker of their own, the integration tests on real
# processes (slow and hostile clients, a browser and a reconnect storm among them), the WebSocket probes and Autobahn,
# schemathesis on the REST routes with keys of every role, explanations beside Python's xgboost, the examples. `make
# evidence` runs the long forms. With CI set in the environment, warnings are errors.
set -euo pipefail
. "$(dirname "$0")/common.sh"

# What was skipped is listed at the end, from the log.
if [ -z "${CHURN_TEST_LOG:-}" ]; then
    mkdir -p "$work"
    export CHURN_TEST_LOG=$work/test.log
    status=0
    "$0" "$@" 2>&1 | tee "$CHURN_TEST_LOG" || status=$?
    skipped=$(Scripts/skipped.sh list "$CHURN_TEST_LOG")
    if [ -z "$skipped" ]; then
        say "nothing was skipped"
    else
        say "skipped, and why:"
        printf '%s\n' "$skipped" | sed 's/^/  /' >&2
    fi
    exit "$status"
fi

Scripts/setup.sh test
say "building the tests; the first time takes some minutes"
swift build --build-tests
python=$(Scripts/python.sh)
CHURND=$(swift build --show-bin-path)/churnd
export CHURND
if [ -n "${CHURN_TELCO_CSV:-}" ]; then
    [ -f "$CHURN_TELCO_CSV" ] || die "CHURN_TELCO_CSV names $CHURN_TELCO_CSV, which is no file"
else
    not_run "tests that need the public Telco customers (set CHURN_TELCO_CSV to the file)"
fi

say "the dashboard"
Scripts/dashboard.sh --test
say "Swift tests"
Scripts/with-servers.sh Scripts/swift-tests.sh
say "integration tests"
Scripts/with-servers.sh "$python" -m pytest Tests/Integration
Scripts/with-servers.sh "$python" -m pytest Tests/Integration/dashboard
say "WebSocket conformance"
Scripts/conformance.sh
say "REST conformance"
"$python" Tests/Conformance/rest/check.py --requests 1000
Scripts/with-servers.sh "$python" Tests/Conformance/rest/roles.py --requests 500
say "explanations beside those of Python's xgboost"
mkdir -p "$work"
"$CHURND" population --count 2000 --seed 21 --output "$work/explained.csv"
status=0
Scripts/shap_parity.sh "$work/explained.csv" || status=$?
# 3: this machine has no such Python, which was said.
case $status in 0 | 3) ;; *) exit "$status" ;; esac
say "examples"
Scripts/examples.sh
say "all tests passed"
