#!/usr/bin/env bash
# Measures churnd beside the same job in Python, on one broker and one database server, in turns.
#
#   CHURN_TELCO_CSV=FILE CHURN_BENCH_BASELINE=FOLDER Scripts/bench.sh [--events N] [--pairs N]
#
# FOLDER holds the Python baseline's programs, FILE the public Telco customers; neither is part of this project.
set -euo pipefail
. "$(dirname "$0")/common.sh"

baseline=${CHURN_BENCH_BASELINE:-../shared/baseline}
customers=${CHURN_TELCO_CSV:-../shared/data/telco.csv}
[ -d "$baseline" ] || die "the Python baseline is not at hand; set CHURN_BENCH_BASELINE to its folder"
[ -f "$customers" ] || die "the public Telco customers are not at hand; set CHURN_TELCO_CSV to their CSV file"
baseline=$(cd "$baseline" && pwd)
customers=$(cd "$(dirname "$customers")" && pwd)/$(basename "$customers")

Scripts/setup.sh test
swift build -c release --product churnd
CHURND=$(swift build -c release --show-bin-path)/churnd
export CHURND
python=$(Scripts/python.sh)
exec Scripts/with-servers.sh "$python" Benchmarks/compare.py --baseline "$baseline" --telco "$customers" "$@"
