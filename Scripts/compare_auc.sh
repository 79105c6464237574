#!/usr/bin/env bash
# Compares `churnd train` with Python's xgboost on identical folds (5 folds, 10 seeds): AUC, log loss and calibration
# error, with intervals of the paired differences. Fails where ours is worse than 300 trees of depth 3 at rate 0.05.
#
#   Scripts/compare_auc.sh [--release | --debug] TELCO.csv [SEEDS [FIRST_SEED [TRAINING_FLAGS...]]]
#
# Without the option CHURND names the program; by default it is the release build where there is one.
set -euo pipefail
. "$(dirname "$0")/common.sh"
prepare_comparison "$@"
set -- "${arguments[@]}"
data=$1
seeds=${2:-10}
first=${3:-0}
shift "$(($# < 3 ? $# : 3))"
"$python" Scripts/compare_auc.py folds "$data" "$scratch/folds.csv" "$seeds" "$first"
"$CHURND" train "$data" --folds "$scratch/folds.csv" --predictions "$scratch/ours.csv" "$@"
echo
"$python" Scripts/compare_auc.py compare "$data" "$scratch/folds.csv" "$scratch/ours.csv"
