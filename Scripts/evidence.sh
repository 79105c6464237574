#!/usr/bin/env bash
# Runs the long forms of the tests and measurements one after the other; takes hours.
#
#   Scripts/evidence.sh [STEP ...]     all steps without one; `Scripts/evidence.sh list` names them
#
# What each step printed is kept in .work/evidence/STEP.log, beside a summary. A step that cannot run here (a program or
# data that is missing) is named as not run, which is no failure; a step that fails does not keep the next from running.
# Figures belong in Docs/evidence/README.md with the machine they were measured on.
set -euo pipefail
. "$(dirname "$0")/common.sh"

out=$work/evidence
steps=(
    rest roles sqlmap canary browser slow-http storm fanout autobahn simulation drift main-job chaos reload queries endpoints summary explain
    writers failover bench steady fuzz tsan parity quality
)

run_step() {
    local tests=Tests/Integration
    case $1 in
    rest) "$python" Tests/Conformance/rest/check.py --requests 10000 ;;
    roles) Scripts/with-servers.sh "$python" Tests/Conformance/rest/roles.py --requests 10000 ;;
    sqlmap) CHURND=$release Scripts/with-servers.sh "$python" $tests/injection.py --level 3 ;;
    canary) Scripts/with-servers.sh "$python" $tests/canary.py --rounds 5 ;;
    browser) CHURN_TEST_EVENTS=30000 Scripts/with-servers.sh "$python" -m pytest -s $tests/test_browser.py ;;
    slow-http) CHURND=$release "$python" $tests/slow_http.py --connections 500 --rounds 5 ;;
    storm) CHURND=$release Scripts/with-servers.sh "$python" $tests/storm.py --clients 5000 --rounds 20 ;;
    fanout) CHURND=$release "$python" Benchmarks/fanout.py --pairs 10 --rate 40 --uvicorn ;;
    autobahn) Scripts/autobahn.sh ;;
    simulation)
        CHURN_SIMULATION_SEEDS=${CHURN_SIMULATION_SEEDS:-100000} swift test --skip-build --filter SimulationTests
        ;;
    drift) CHURN_TEST_DRIFT_DAYS=1500 swift test --skip-build --filter DriftWatchTests ;;
    main-job)
        CHURN_TEST_EVENTS=100000 Scripts/with-servers.sh "$python" -m pytest -s $tests/test_main_job.py
        ;;
    chaos) Scripts/chaos.sh --kills 200 --group-kills 10 --postgres-kills 20 --broker-cuts 20 --count 400000 ;;
    queries) Benchmarks/queries.sh 1000000 ;;
    endpoints) CHURND=$release Benchmarks/endpoints.sh ;;
    bench) CHURND=$release Scripts/bench.sh --pairs 5 --latency-pairs 5 --partitions 16 ;;
    writers) CHURN_TEST_WRITERS=long CHURND=$release Scripts/with-servers.sh "$python" -m pytest -s $tests/test_writers.py ;;
    failover)
        CHURN_TEST_FAILOVERS=20 CHURND=$release Scripts/with-servers.sh "$python" -m pytest -s $tests/test_failover.py
        ;;
    steady) CHURND=$release Scripts/bench.sh steady ;;
    reload) CHURND=$release Scripts/reload.sh ;;
    summary) CHURND=$release Benchmarks/summary.sh ;;
    explain) explain ;;
    fuzz) CHURN_FUZZ_SECONDS=${CHURN_FUZZ_SECONDS:-600} Scripts/fuzz.sh ;;
    tsan) Scripts/tsan.sh ;;
    parity)
        Scripts/parity.sh "${CHURN_TELCO_CSV:?no Telco customers}" && Scripts/shap_parity.sh "$CHURN_TELCO_CSV"
        ;;
    quality) CHURND=$release Scripts/compare_auc.sh "${CHURN_TELCO_CSV:?no Telco customers}" ;;
    *) die "no such step: $1; there are: ${steps[*]}" ;;
    esac
}

# Our explanations beside libxgboost's and, where it can be installed, Python's shap.
explain() {
    require_xgboost
    swift build -c release --product churn-explain-benchmark || return
    local reference=$work/shap-venv
    if ! "$reference/bin/python" -c 'import shap, xgboost' 2>/dev/null; then
        "$python" -m venv "$reference" &&
            "$reference/bin/python" -m pip install --quiet 'numpy<2' xgboost==1.7.6 shap==0.49.1 || reference=""
    fi
    "$python" Benchmarks/explain.py ${reference:+--shap-python "$reference/bin/python"}
}

# The reason why a step cannot be run, as text; nothing where it can.
obstacle() {
    case $1 in
    bench | steady | parity | quality) [ -n "${CHURN_TELCO_CSV:-}" ] || { echo "CHURN_TELCO_CSV names no file"; return; } ;;
    esac
    case $1 in
    bench | steady) [ -d "${CHURN_BENCH_BASELINE:-}" ] || echo "CHURN_BENCH_BASELINE names no folder" ;;
    fanout) "$python" -c 'import uvicorn' 2>/dev/null || "$python" -m pip install --quiet uvicorn >&2 ||
        echo "uvicorn cannot be installed" ;;
    slow-http) has_all slowhttptest || echo "slowhttptest is missing" ;;
    sqlmap) has_all sqlmap || echo "sqlmap is missing" ;;
    esac
}

has_all() {
    local program
    for program in "$@"; do command -v "$program" >/dev/null 2>&1 || return 1; done
}

if [ "${1:-}" = list ]; then
    printf '%s\n' "${steps[@]}"
    exit
fi
Scripts/setup.sh evidence
say "building for debugging and for release"
swift build --build-tests >&2
swift build -c release --product churnd >&2
python=$(Scripts/python.sh)
release=$(swift build -c release --show-bin-path)/churnd
CHURND=$(swift build --show-bin-path)/churnd
export CHURND
# Thousands of sockets on each side.
ulimit -n "$(ulimit -Hn)"

mkdir -p "$out"
summary=$out/summary.txt
{ date -u '+%F %T UTC'; uname -srm; echo "$(getconf _NPROCESSORS_ONLN) cores"; } >"$summary"
failed=0
for step in "${@:-${steps[@]}}"; do
    why=$(obstacle "$step")
    if [ -n "$why" ]; then
        say "$step: NOT RUN: $why"
        echo "$step: NOT RUN: $why" >>"$summary"
        continue
    fi
    say "$step"
    start=$SECONDS
    status=0
    # A shell of its own, which a step may end.
    (run_step "$step") >"$out/$step.log" 2>&1 </dev/null || status=$?
    case $status in
    0) verdict="ok" ;;
    3) verdict="NOT RUN: $(tail -n 1 "$out/$step.log")" ;;
    *) verdict="FAILED with status $status"; failed=1 ;;
    esac
    if [ "$status" = 0 ] && grep -qE '[0-9]+ skipped' "$out/$step.log"; then verdict="IN PART NOT RUN, see the log"; fi
    say "$step: $verdict"
    echo "$step: $verdict, $((SECONDS - start)) s" >>"$summary"
done
cat "$summary" >&2
[ "$failed" = 0 ] || die "there are failures; see $out"
