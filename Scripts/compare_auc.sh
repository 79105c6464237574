#!/usr/bin/env bash
# Compares the mean AUC of `churnd train` with that of Python's xgboost, on identical folds (5 folds, 10 seeds).
# Fails where ours is below Python's with 100 trees of depth 4 at rate 0.1.
#
#   Scripts/compare_auc.sh TELCO.csv [SEEDS]
#
# CHURND names the program (by default the debug build, which is made).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,7p' "$0"; exit 2; }
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import xgboost, numpy' 2>/dev/null || {
    echo "compare_auc.sh: $python has no xgboost; on Debian: apt-get install -y python3-xgboost" >&2
    exit 3
}
if [ -z "${CHURND:-}" ]; then
    swift build --product churnd >&2
    CHURND=$(swift build --show-bin-path)/churnd
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" Scripts/compare_auc.py folds "$1" "$work/folds.csv" "${2:-10}"
"$CHURND" train "$1" --folds "$work/folds.csv" >"$work/ours"
"$python" Scripts/compare_auc.py measure "$1" "$work/folds.csv" >"$work/theirs"
cat "$work/ours"
echo
cat "$work/theirs"
mean() { sed -n 's/.*mean AUC \([0-9.]*\).*/\1/p' "$1" | head -1; }
ours=$(mean "$work/ours")
theirs=$(mean "$work/theirs")
awk -v ours="$ours" -v theirs="$theirs" 'BEGIN {
    good = (ours + 0 >= theirs + 0)
    printf "ours %s, the reference %s: %s\n", ours, theirs, (good ? "at least as good" : "worse")
    exit !good
}'
