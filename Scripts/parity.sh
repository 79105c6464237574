#!/usr/bin/env bash
# Compares our scores of all customers in a CSV file, before calibration, with those of Debian's python3-xgboost on the
# same booster.
#
#   Scripts/parity.sh [--release | --debug] FILE.csv [MODEL_DIR]
#
# Without a model, one is trained first. Without the option CHURND names the program; by default it is the release build
# where there is one.
set -euo pipefail
. "$(dirname "$0")/common.sh"
prepare_comparison "$@"
prepare_model "${arguments[@]}"
data=${arguments[0]}
"$CHURND" predict "$data" --model "$model" --uncalibrated >"$scratch/scores.csv"
"$python" Scripts/parity.py "$data" "$model" "$scratch/scores.csv"
