#!/usr/bin/env bash
# Runs Autobahn's fuzzing client against the WebSocket server, as an echo endpoint that exists in the test target only.
#
#   Scripts/autobahn.sh [CASE ...]     cases default to 1.* to 7.*, 9.* and 10.*; 9.* alone takes most of the time
#
# Needs a Python 2.7: $PYTHON2, or one that pyenv has. Without one the step says so and counts as not run (status 3).
# AUTOBAHN_HOME keeps the installed suite between runs; AUTOBAHN_REPORT is where the report goes.
# CHURN_BUILD_FLAGS is passed to `swift build`, e.g. "-c release -Xswiftc -enable-testing".
set -euo pipefail
cd "$(dirname "$0")/.."

not_run() {
    echo "== NOT RUN: Autobahn's cases: $1" >&2
    exit 3
}

python2=${PYTHON2:-}
if [ -z "$python2" ] && command -v pyenv >/dev/null; then
    version=$(pyenv versions --bare | grep -E '^2\.7' | tail -n 1 || true)
    [ -n "$version" ] && python2="$(pyenv root)/versions/$version/bin/python2.7"
fi
[ -n "$python2" ] && [ -x "$python2" ] || not_run "no Python 2.7 found; set PYTHON2 to one"

home=${AUTOBAHN_HOME:-${TMPDIR:-/tmp}/churn-autobahn}
if [ ! -f "$home/autobahntestsuite/__init__.py" ]; then
    mkdir -p "$home"
    "$python2" -m pip install --quiet --disable-pip-version-check --target "$home" autobahntestsuite==25.10.1 \
        >"$home/install.log" 2>&1 || not_run "the suite could not be installed; see $home/install.log"
    touch "$home/zope/__init__.py"
fi

work=$(mktemp -d)
report=${AUTOBAHN_REPORT:-$work/report}
server=""
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

# shellcheck disable=SC2086
swift build --build-tests ${CHURN_BUILD_FLAGS:-} >"$work/build.log" 2>&1 || {
    tail -n 20 "$work/build.log" >&2
    exit 1
}
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# The test program itself: `swift test` would leave it running when it is ended.
# shellcheck disable=SC2086
tests=$(swift build --show-bin-path ${CHURN_BUILD_FLAGS:-})/churnPackageTests.xctest
CHURN_TEST_ECHO_PORT=$port "$tests" --testing-library swift-testing --filter EchoServerTests >"$work/server.log" 2>&1 &
server=$!

is_up() {
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null
}
for _ in $(seq 600); do
    if is_up; then break; fi
    kill -0 "$server" 2>/dev/null || { tail -n 20 "$work/server.log" >&2; exit 1; }
    sleep 0.2
done
is_up || {
    tail -n 20 "$work/server.log" >&2
    echo "autobahn: the echo server did not listen within two minutes" >&2
    exit 1
}

if [ $# -eq 0 ]; then set -- '1.*' '2.*' '3.*' '4.*' '5.*' '6.*' '7.*' '9.*' '10.*'; fi
cases=$(printf '"%s",' "$@")
cat >"$work/spec.json" <<JSON
{"options": {"failByDrop": false}, "outdir": "$report",
 "servers": [{"agent": "churn", "url": "ws://127.0.0.1:$port/echo", "options": {"version": 18}}],
 "cases": [${cases%,}], "exclude-cases": [], "exclude-agent-cases": {}}
JSON
PYTHONPATH=$home "$python2" -c '
import sys
sys.argv = ["wstest", "-m", "fuzzingclient", "-s", sys.argv[1]]
from autobahntestsuite.wstest import run
run()' "$work/spec.json" >"$work/wstest.log" 2>&1 || {
    tail -n 20 "$work/wstest.log" >&2
    exit 1
}

python3 - "$report/index.json" <<'PY'
import collections
import json
import sys

results = json.load(open(sys.argv[1]))["churn"]
counts = collections.Counter()
bad = []
for case in sorted(results, key=lambda name: [int(part) for part in name.split(".")]):
    verdict = results[case]
    counts[verdict["behavior"]] += 1
    clean = verdict["behavior"] in ("OK", "INFORMATIONAL") and verdict["behaviorClose"] in ("OK", "INFORMATIONAL")
    if not clean:
        bad.append("%s: %s, close %s" % (case, verdict["behavior"], verdict["behaviorClose"]))
print("autobahn: %d cases: %s" % (len(results), ", ".join("%d %s" % (n, k) for k, n in sorted(counts.items()))))
for line in bad:
    print("  " + line)
sys.exit(1 if bad or not results else 0)
PY
