#!/usr/bin/env bash
# Compares our scores of all customers in a CSV file with those of Debian's python3-xgboost on the same booster.
#
#   Scripts/parity.sh FILE.csv [MODEL_DIR]
#
# Without a model, one is trained first. CHURND names the program (by default the debug build, which is made).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,6p' "$0"; exit 2; }
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import xgboost, numpy' 2>/dev/null || {
    echo "parity.sh: $python has no xgboost; on Debian: apt-get install -y python3-xgboost" >&2
    exit 3
}
if [ -z "${CHURND:-}" ]; then
    swift build --product churnd >&2
    CHURND=$(swift build --show-bin-path)/churnd
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
model=${2:-$work/model}
[ $# -ge 2 ] || "$CHURND" train "$1" --output "$model" >&2
"$CHURND" predict "$1" --model "$model" >"$work/scores.csv"
"$python" Scripts/parity.py "$1" "$model" "$work/scores.csv"
