#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server and a Kafka-compatible broker of its own, and always stops both.
#
#   Scripts/with-servers.sh COMMAND [ARGUMENT...]
#
# The command finds them in CHURN_TEST_POSTGRES_URL, CHURN_TEST_POSTGRES_DIR and CHURN_TEST_KAFKA_BROKERS. A server
# whose address is set already is taken as it is; a new one is set up by the file that CHURN_TEST_POSTGRES_SETTINGS
# names, if any. Both listen on free ports of 127.0.0.1. The exit status is the
# command's.
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || die "usage: $0 COMMAND [ARGUMENT...]"

mkdir -p "$work"
folder=$(mktemp -d "$work/servers.XXXXXX")
broker=""
child=""

stop_servers() {
    local status=$?
    trap - EXIT
    trap '' INT TERM
    if [ -n "$broker" ]; then Scripts/kafka-broker.sh stop "$broker" || true; fi
    if [ -d "$folder/postgres" ]; then
        Scripts/postgres.sh stop "$folder/postgres" || true
        # Root keeps the data in a folder that the server's user can reach.
        local data
        data=$(cat "$folder/postgres/data-folder" 2>/dev/null || true)
        case $data in /tmp/churn-postgres.*) rm -rf "$data" ;; esac
    fi
    rm -rf "$folder"
    exit "$status"
}

# Passes a signal on to the command and all that it started.
pass_on() {
    if [ -n "$child" ]; then kill "-$1" -- "-$child" 2>/dev/null || true; else exit 130; fi
}

trap stop_servers EXIT
trap 'pass_on INT' INT
trap 'pass_on TERM' TERM

if [ -z "${CHURN_TEST_POSTGRES_URL:-}" ]; then
    mkdir -p "$folder/postgres"
    settings=${CHURN_TEST_POSTGRES_SETTINGS:-}
    CHURN_TEST_POSTGRES_URL=$(Scripts/postgres.sh start "$folder/postgres" ${settings:+--settings "$settings"})
    export CHURN_TEST_POSTGRES_URL CHURN_TEST_POSTGRES_DIR=$folder/postgres
    say "PostgreSQL: $CHURN_TEST_POSTGRES_URL"
fi
if [ -z "${CHURN_TEST_KAFKA_BROKERS:-}" ]; then
    started=$(Scripts/kafka-broker.sh start 0 --log "$folder/broker.log")
    read -r broker CHURN_TEST_KAFKA_BROKERS <<<"$started"
    export CHURN_TEST_KAFKA_BROKERS
    say "broker: $CHURN_TEST_KAFKA_BROKERS"
fi

# A process group of its own, so that a signal reaches the command's children too.
set -m
"$@" </dev/null &
child=$!
set +m
status=0
wait "$child" || status=$?
# A signal ends `wait` early; the command is waited for all the same, but not indefinitely.
for _ in $(seq 300); do
    kill -0 "$child" 2>/dev/null || break
    sleep 0.1
done
if kill -0 "$child" 2>/dev/null; then
    say "the command did not end within 30 s of the signal and is killed"
    kill -KILL -- "-$child" 2>/dev/null || true
fi
exit "$status"
