#!/usr/bin/env bash
# Builds churnd for release and runs its demo; arguments go to the demo. Ctrl-C ends it.
set -euo pipefail
. "$(dirname "$0")/common.sh"

Scripts/setup.sh run
Scripts/dashboard.sh --if-able
say "building churnd for release; the first time takes some minutes"
swift build -c release --product churnd >&2
# In place of this script: the demo gets Ctrl-C itself, and nothing is left behind.
exec "$(swift build -c release --show-bin-path)/churnd" demo "$@"
