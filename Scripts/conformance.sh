#!/usr/bin/env bash
# Asks the WebSocket server what RFC 6455 asks: our own probes against `churnd demo`, then Autobahn's cases 1 to 7 and 10
# (all of them with `Scripts/autobahn.sh`). CHURND names the program (by default the debug build, which must be there).
set -euo pipefail
. "$(dirname "$0")/common.sh"

CHURND=${CHURND:-$(swift build --show-bin-path)/churnd}
mkdir -p "$work"
scratch=$(mktemp -d "$work/conformance.XXXXXX")
demo=""
cleanup() {
    if [ -n "$demo" ]; then
        kill -TERM "$demo" 2>/dev/null || true
        wait "$demo" 2>/dev/null || true
    fi
    rm -rf "$scratch"
}
trap cleanup EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$CHURND" demo --http-port "$port" >"$scratch/demo.log" 2>&1 </dev/null &
demo=$!
is_up() {
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null
}
for _ in $(seq 300); do
    if is_up; then break; fi
    kill -0 "$demo" 2>/dev/null || { cat "$scratch/demo.log" >&2; die "churnd demo ended at its start"; }
    sleep 0.2
done
is_up || die "churnd demo did not listen within a minute"
python3 Tests/Conformance/ws/probe.py "http://127.0.0.1:$port"

status=0
Scripts/autobahn.sh '1.*' '2.*' '3.*' '4.*' '5.*' '6.*' '7.*' '10.*' || status=$?
case $status in
0) ;;
3) ;; # It said so.
*) die "Autobahn found faults" ;;
esac
