#!/usr/bin/env bash
# Compares our scores of all customers in a CSV file, before calibration, with those of Debian's python3-xgboost on the
# same booster.
#
#   Scripts/parity.sh FILE.csv [MODEL_DIR]
#
# Without a model, one is trained first. CHURND names the program (by default the debug build, which is made).
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ $# -ge 1 ] || { sed -n '2,7p' "$0"; exit 2; }
prepare_comparison
model=${2:-$scratch/model}
[ $# -ge 2 ] || "$CHURND" train "$1" --output "$model" >&2
"$CHURND" predict "$1" --model "$model" --uncalibrated >"$scratch/scores.csv"
"$python" Scripts/parity.py "$1" "$model" "$scratch/scores.csv"
