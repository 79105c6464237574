#!/usr/bin/env bash
# Builds the documentation of every module, where a warning is an error, and compares the public interface with
# Docs/api, which a release freezes: `Scripts/docs.sh --write` writes it again after a change that is meant.
set -euo pipefail
. "$(dirname "$0")/common.sh"

case ${1:-} in "" | --write) ;; *) usage ;; esac

# In the order in which they import each other, so that links to symbols of another module are found.
modules=(ChurnCore ChurnFiles ChurnInsight ChurnMemory ChurnKafka ChurnStore ChurnModel ChurnServe ChurnNotify
    ChurnTesting)
mkdir -p "$work"
scratch=$(mktemp -d -p "$work")
trap 'rm -rf "$scratch"' EXIT

say "the documentation"
graphs=$(swift package dump-symbol-graph --minimum-access-level public --skip-synthesized-members 2>"$scratch/log" |
    sed -n 's/^Files written to //p') || { cat "$scratch/log" >&2 && exit 1; }
dependencies=()
failed=0
for module in "${modules[@]}"; do
    mkdir "$scratch/$module"
    cp "$graphs/$module.symbols.json" "$scratch/$module"
    for extension in "$graphs/$module"@Churn*.symbols.json; do
        if [ -f "$extension" ]; then cp "$extension" "$scratch/$module"; fi
    done
    docc convert "Sources/$module/$module.docc" --additional-symbol-graph-dir "$scratch/$module" \
        --fallback-display-name "$module" --fallback-bundle-identifier "churn.$module" \
        --enable-experimental-external-link-support "${dependencies[@]}" --warnings-as-errors \
        --output-dir "$scratch/$module.doccarchive" >"$scratch/$module.log" 2>&1 || {
        cat "$scratch/$module.log" >&2
        failed=1
    }
    dependencies+=(--dependency "$scratch/$module.doccarchive")
done
[ "$failed" = 0 ] || die "the documentation has the warnings above"

say "the public interface beside Docs/api"
written=$scratch/api
[ "${1:-}" != --write ] || written=Docs/api
Scripts/public_interface.py "$graphs" "$written" "${modules[@]}"
diff -ru Docs/api "$written" >&2 || die "the public interface is not what Docs/api has; Scripts/docs.sh --write takes it over"
