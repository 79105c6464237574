#!/usr/bin/env bash
# All tests: units and contracts against a PostgreSQL and a broker of their own, the integration tests on real
# processes (slow and hostile clients, a browser and a reconnect storm among them), the WebSocket probes and Autobahn,
# schemathesis on the REST routes with keys of every role, explanations beside Python's xgboost, the examples. `make
# evidence` runs the long forms. With CI set in the environment, warnings are errors.
set -euo pipefail
. "$(dirname "$0")/common.sh"

Scripts/setup.sh test
say "building the tests; the first time takes some minutes"
swift build --build-tests
python=$(Scripts/python.sh)
CHURND=$(swift build --show-bin-path)/churnd
export CHURND
if [ -n "${CHURN_TELCO_CSV:-}" ]; then
    [ -f "$CHURN_TELCO_CSV" ] || die "CHURN_TELCO_CSV names $CHURN_TELCO_CSV, which is no file"
else
    say "the public Telco customers are not at hand: tests that need them are skipped (set CHURN_TELCO_CSV to the file)"
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
