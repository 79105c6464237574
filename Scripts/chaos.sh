#!/usr/bin/env bash
# Kills churnd, PostgreSQL and the broker's connections again and again during a run, and compares with an undisturbed
# run. Arguments go to Tests/Integration/chaos.py (--kills, --group-kills, --postgres-kills, --broker-cuts, --count).
set -euo pipefail
. "$(dirname "$0")/common.sh"

Scripts/setup.sh test
# A debug build: failpoints exist in no other.
swift build --product churnd
CHURND=$(swift build --show-bin-path)/churnd
export CHURND
python=$(Scripts/python.sh)
exec Scripts/with-servers.sh "$python" Tests/Integration/chaos.py "$@"
