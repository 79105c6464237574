#!/usr/bin/env bash
# Compares our explanations of all customers in a CSV file with the contributions of Debian's python3-xgboost.
#
#   Scripts/shap_parity.sh FILE.csv [MODEL_DIR]
#
# Without a model, one is trained first. CHURND names the program (by default the debug build, which is made).
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ $# -ge 1 ] || { sed -n '2,6p' "$0"; exit 2; }
prepare_comparison
model=${2:-$scratch/model}
[ $# -ge 2 ] || "$CHURND" train "$1" --output "$model" >&2
"$CHURND" explain --file "$1" --model "$model" >"$scratch/reasons.csv"
"$python" Scripts/shap_parity.py "$1" "$model" "$scratch/reasons.csv"
