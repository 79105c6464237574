#!/usr/bin/env bash
# Measures churnd beside the same job in Python, or beside another build of churnd, in turns on one broker and one
# database server.
#
#   Scripts/bench.sh [--events N] [--pairs N]                       throughput and latency over the Telco customers
#   Scripts/bench.sh steady [--customers N] [--events N]            the hard case, minutes long: Benchmarks/steady.py
#   Scripts/bench.sh steady|easy --against BINARY                   that build of churnd in place of Python
#
# CHURN_BENCH_BASELINE names the folder of the Python baseline's programs and CHURN_TELCO_CSV the file of the public
# Telco customers; neither is part of this project. CHURND names a binary that is measured as it is; without it a
# release build is made. In the steady case PostgreSQL is set up as Docs/postgresql.md says.
set -euo pipefail
. "$(dirname "$0")/common.sh"

baseline=${CHURN_BENCH_BASELINE:-}
customers=${CHURN_TELCO_CSV:-}
[ -d "$baseline" ] || die "set CHURN_BENCH_BASELINE to the folder of the Python baseline"
[ -f "$customers" ] || die "set CHURN_TELCO_CSV to the CSV file of the public Telco customers"
baseline=$(cd "$baseline" && pwd)
customers=$(cd "$(dirname "$customers")" && pwd)/$(basename "$customers")

if [ -z "${CHURND:-}" ]; then
    Scripts/setup.sh test
    swift build -c release --product churnd
    CHURND=$(swift build -c release --show-bin-path)/churnd
fi
export CHURND
python=$(Scripts/python.sh)

program=Benchmarks/compare.py
case ${1:-} in
steady | easy)
    program=Benchmarks/steady.py
    mkdir -p "$work"
    if [ "$1" = steady ]; then
        export CHURN_TEST_POSTGRES_SETTINGS=$work/postgresql.conf
        documented_settings >"$CHURN_TEST_POSTGRES_SETTINGS"
        # A run of minutes is to have checkpoints in it, as days have.
        echo "checkpoint_timeout = 90s" >>"$CHURN_TEST_POSTGRES_SETTINGS"
    fi
    ;;
esac
exec Scripts/with-servers.sh "$python" "$program" "$@" --baseline "$baseline" --telco "$customers"
