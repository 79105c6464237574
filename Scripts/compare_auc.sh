#!/usr/bin/env bash
# Compares the mean AUC of `churnd train` with that of Python's xgboost, on identical folds (5 folds, 10 seeds).
# Fails where ours is below Python's with 100 trees of depth 4 at rate 0.1.
#
#   Scripts/compare_auc.sh TELCO.csv [SEEDS]
#
# CHURND names the program (by default the debug build, which is made).
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ $# -ge 1 ] || { sed -n '2,7p' "$0"; exit 2; }
prepare_comparison
"$python" Scripts/compare_auc.py folds "$1" "$scratch/folds.csv" "${2:-10}"
"$CHURND" train "$1" --folds "$scratch/folds.csv" >"$scratch/ours"
"$python" Scripts/compare_auc.py measure "$1" "$scratch/folds.csv" >"$scratch/theirs"
cat "$scratch/ours"
echo
cat "$scratch/theirs"
mean() { sed -n 's/.*mean AUC \([0-9.]*\).*/\1/p' "$1" | head -1; }
ours=$(mean "$scratch/ours")
theirs=$(mean "$scratch/theirs")
awk -v ours="$ours" -v theirs="$theirs" 'BEGIN {
    good = (ours + 0 >= theirs + 0)
    printf "ours %s, the reference %s: %s\n", ours, theirs, (good ? "at least as good" : "worse")
    exit !good
}'
