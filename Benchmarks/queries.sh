#!/usr/bin/env bash
# Measures the queries about customers at rising sizes of the history: p50 and p99 in milliseconds, one at a time.
#
#   Benchmarks/queries.sh [PREDICTIONS...]      10000 100000 1000000 by default; 10000000 takes some minutes and 6 GB
#
# CHURN_BENCH_LOAD="SECONDS EVENTS CLIENTS" also has that many clients ask at once while this many events a second are
# written.
#
# Fills a database of its own with ten predictions a customer, spread over the last 24 hours, and drops it.
set -euo pipefail
. "$(dirname "$0")/../Scripts/common.sh"

if [ -z "${CHURN_TEST_POSTGRES_URL:-}" ]; then
    swift build -c release --product churn-query-benchmark
    # The queries need no broker.
    CHURN_TEST_KAFKA_BROKERS=none exec Scripts/with-servers.sh "$0" "$@"
fi
program=$(swift build -c release --show-bin-path)/churn-query-benchmark
[ -x "$program" ] || die "build it first: swift build -c release --product churn-query-benchmark"
base=${CHURN_TEST_POSTGRES_URL%/*}
rounds=${CHURN_BENCH_ROUNDS:-300}
[ $# -gt 0 ] || set -- 10000 100000 1000000

fill() { psql -q -v predictions="$2" -f Benchmarks/customers.sql "$1"; }

under_load() {
    [ -n "${CHURN_BENCH_LOAD:-}" ] || return 0
    local seconds events clients
    read -r seconds events clients <<<"$CHURN_BENCH_LOAD"
    say "$clients clients at once beside $events events a second"
    "$program" load "$1" "$seconds" "$events" "$clients"
}

for predictions in "$@"; do
    database=churn_bench_queries_$$
    psql -q -v ON_ERROR_STOP=1 "$CHURN_TEST_POSTGRES_URL" -c "CREATE DATABASE $database"
    say "$predictions predictions"
    status=0
    { "$program" migrate "$base/$database" && fill "$base/$database" "$predictions" &&
        "$program" measure "$base/$database" "$rounds" && under_load "$base/$database"; } || status=$?
    psql -q "$CHURN_TEST_POSTGRES_URL" -c "DROP DATABASE $database"
    [ "$status" -eq 0 ] || die "the measurement of $predictions predictions failed"
done
