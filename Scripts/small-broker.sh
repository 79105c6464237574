#!/usr/bin/env bash
# A second Kafka-compatible broker on loopback, for small tests of what the one of kafka-broker.sh cannot do: adding
# partitions, deleting records, and refusing offsets outside the log. Too slow for anything larger: it spins on fetches.
#
#   small-broker.sh start PORT --data DIR
#       Starts a broker on 127.0.0.1:PORT (0 picks a free port) with its data and its log in DIR, waits until it answers
#       and prints "PID HOST:PORT".
#   small-broker.sh stop PID
#       Stops a broker that this script started.
#   small-broker.sh fetch
#       Only brings the binary into the cache and prints its path.
#
# The broker is the Kafka part of noida-db, a Python package that carries a program. It is fetched with pip once,
# checked against a hash, and kept in ${XDG_CACHE_HOME:-$HOME/.cache}/churn. Needs Linux on x86-64, python3 and pip.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/brokers.sh"

version=0.2.3
binary=${XDG_CACHE_HOME:-$HOME/.cache}/churn/noida-$version/noida-db

fetch() {
    [ -x "$binary" ] || fetch_packaged noida-db "$version" noida_db/noida-db \
        d723e9d728b1d2005f0ee74f0c3696ba11aa021c280f869b6d095e6a87e357b7 "$binary"
}

start() {
    local port=${1:-}
    [[ $port =~ ^[0-9]+$ ]] && [ "${2:-}" = --data ] && [ -n "${3:-}" ] || usage
    local data=$3
    fetch
    mkdir -p "$data"
    [ "$port" -ne 0 ] || port=$(free_port)
    # A session of its own, so that Ctrl-C in the caller's terminal does not end it before its clients.
    setsid "$binary" start --only kafka --kafka-port "$port" --data-dir "$data" >"$data/broker.log" 2>&1 </dev/null &
    await_broker $! "$port" "$data/broker.log"
    echo "$! 127.0.0.1:$port"
}

case ${1:-} in
start) shift; start "$@" ;;
stop) shift; stop_broker '*noida-db*--only kafka*' "$@" ;;
fetch) fetch; echo "$binary" ;;
*) usage ;;
esac
