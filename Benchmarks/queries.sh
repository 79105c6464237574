#!/usr/bin/env bash
# Measures the queries about customers at rising sizes of the history: p50 and p99 in milliseconds, one at a time.
#
#   Benchmarks/queries.sh [PREDICTIONS...]      10000 100000 1000000 by default; 10000000 takes some minutes and 6 GB
#
# CHURN_BENCH_LOAD="SECONDS EVENTS CLIENTS" also has so many clients ask at once while so many events a second are
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

fill() {
    psql -q -v ON_ERROR_STOP=1 "$1" <<SQL
SET synchronous_commit = off;
INSERT INTO users (customerid, tenure, contract, monthlycharges, totalcharges, paymentmethod, techsupport,
    churn_probability, churn_band, churn_scored_at)
SELECT 'C-' || lpad(n::text, 7, '0'), n % 72, (ARRAY['Month-to-month', 'One year', 'Two year'])[1 + n % 3],
    20 + (n * 37::bigint % 10000) / 100.0, 100 + n % 5000, 'Mailed check', 'No', p,
    CASE WHEN p >= 0.85 THEN 'Critical' WHEN p > 0.7 THEN 'High' WHEN p > 0.4 THEN 'Medium' ELSE 'Low' END,
    now() - (n * 7919::bigint % 86400) * interval '1 second'
FROM (SELECT n, ((n * 7919::bigint % 99991) / 99991.0)::float4::float8 AS p FROM generate_series(0, $2 / 10 - 1) AS n) AS u;
DROP INDEX event_log_user;
INSERT INTO event_log (event_id, stream_offset, event_timestamp, record_time, recorded_at, churn_probability,
    customer_version, stream_id, epoch, partition, is_alert, became_at_risk, user_id, event_type, event_data)
SELECT n, n, t, t, t, p, 1, 1, 0, 0, p > 0.7, false, u, 'contract_downgrade',
    jsonb_build_object('event_type', 'contract_downgrade', 'user_id', u, 'details', 'Switched to Month-to-month')
FROM (SELECT n, now() - ($2 - n) * (interval '24 hours' / $2) AS t,
        ((n * 104729::bigint % 99991) / 99991.0)::float4::float8 AS p,
    'C-' || lpad((n * 7919::bigint % ($2 / 10))::text, 7, '0') AS u FROM generate_series(1, $2) AS n) AS e;
CREATE INDEX event_log_user ON event_log (user_id, event_id);
UPDATE event_numbers SET next_event_id = $2 + 1;
INSERT INTO shap_summary SELECT 'feature ' || n, n FROM generate_series(1, 20) AS n;
VACUUM ANALYZE users;
VACUUM ANALYZE event_log;
SQL
}

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
