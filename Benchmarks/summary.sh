#!/usr/bin/env bash
# Times `churnd explain --summary` over many customers in PostgreSQL: all of them read, explained and written down.
#
#   Benchmarks/summary.sh [CUSTOMERS [SECONDS]]     100000 and 30: more than this many seconds is a failure
#
# The customers are simulated, the model is trained on 7,000 of them. Measures the release build, which is made, unless
# CHURND names a program. CHURN_BENCH_ROUNDS repeats the measurement (3).
set -euo pipefail
. "$(dirname "$0")/../Scripts/common.sh"

if [ -z "${CHURND:-}" ]; then
    swift build -c release --product churnd >&2
    CHURND=$(swift build -c release --show-bin-path)/churnd
    export CHURND
fi
if [ -z "${CHURN_TEST_POSTGRES_URL:-}" ]; then
    # No broker is needed.
    CHURN_TEST_KAFKA_BROKERS=none exec Scripts/with-servers.sh "$0" "$@"
fi
customers=${1:-100000}
most=${2:-30}
database=churn_bench_summary_$$
folder=$(mktemp -d)
psql -q -v ON_ERROR_STOP=1 "$CHURN_TEST_POSTGRES_URL" -c "CREATE DATABASE $database"
trap 'psql -q "$CHURN_TEST_POSTGRES_URL" -c "DROP DATABASE $database"; rm -rf "$folder"' EXIT
export CHURN_POSTGRES_URL=${CHURN_TEST_POSTGRES_URL%/*}/$database

say "$customers customers"
"$CHURND" population --count "$customers" --seed 3 --output "$folder/customers.csv"
"$CHURND" population --count 7000 --seed 4 --output "$folder/training.csv"
"$CHURND" train "$folder/training.csv" --output "$folder/model" --seed 1 | grep -E '^(trees|customers)'
"$CHURND" migrate >/dev/null
"$CHURND" import "$folder/customers.csv"
worst=0
for _ in $(seq "${CHURN_BENCH_ROUNDS:-3}"); do
    start=$EPOCHREALTIME
    "$CHURND" explain --summary --model "$folder/model" >"$folder/summary.txt"
    taken=$(awk -v start="$start" -v end="$EPOCHREALTIME" 'BEGIN { printf "%.2f", end - start }')
    worst=$(awk -v one="$worst" -v other="$taken" 'BEGIN { print (one > other ? one : other) }')
    echo "$taken s for $customers customers"
done
head -n 4 "$folder/summary.txt"
rows=$(psql -At "$CHURN_POSTGRES_URL" -c "SELECT count(*) FROM shap_summary")
[ "$rows" -gt 0 ] || die "shap_summary has no rows"
awk -v taken="$worst" -v most="$most" 'BEGIN { exit !(taken <= most) }' || die "$worst s are more than $most s"
