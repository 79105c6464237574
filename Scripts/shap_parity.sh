#!/usr/bin/env bash
# Compares our explanations of all customers in a CSV file with the contributions of Debian's python3-xgboost.
#
#   Scripts/shap_parity.sh [--release | --debug] FILE.csv [MODEL_DIR]
#
# Without a model, one is trained first. Without the option CHURND names the program; by default it is the release build
# where there is one.
set -euo pipefail
. "$(dirname "$0")/common.sh"
prepare_comparison "$@"
prepare_model "${arguments[@]}"
data=${arguments[0]}
"$CHURND" explain --file "$data" --model "$model" >"$scratch/reasons.csv"
"$python" Scripts/shap_parity.py "$data" "$model" "$scratch/reasons.csv"
