#!/usr/bin/env bash
# What can be said about the sources without building them; all findings at once.
set -euo pipefail
. "$(dirname "$0")/common.sh"

longest=350
failed=0

finding() {
    printf '%s\n' "$*" >&2
    failed=1
}

mapfile -t swift_files < <(project_files swift)
mapfile -t scripts < <(project_files sh)
mapfile -t python_files < <(project_files py)
[ ! -f .ci/run ] || scripts+=(.ci/run)

swift format lint --strict --parallel "${swift_files[@]}" || failed=1

# One of them is written by a test.
mapfile -t web_files < <(for kind in ts tsx mjs css; do project_files "$kind"; done | grep -vx Dashboard/src/api/answers.ts)

for file in "${swift_files[@]}" "${scripts[@]}" "${python_files[@]}" "${web_files[@]}"; do
    lines=$(wc -l <"$file")
    [ "$lines" -le "$longest" ] || finding "$file: $lines lines; split it by ideas ($longest at most)"
done

# As swift format has it for Swift.
columns=120
wide=$(LC_ALL=C.UTF-8 grep -nHE "^.{$((columns + 1))}" "${web_files[@]}" | cut -d: -f1,2 || true)
[ -z "$wide" ] || finding "wider than $columns columns:"$'\n'"$wide"

# An unfinished place needs the number of the issue that will finish it, as in "TODO #12".
unfinished=$(grep -nE '\b(TODO|FIXME|XXX)\b' "${swift_files[@]}" "${scripts[@]}" "${python_files[@]}" \
    "${web_files[@]}" |
    grep -vE '^Scripts/lint\.sh:|#[0-9]+' || true)
[ -z "$unfinished" ] || finding "without an issue's number:"$'\n'"$unfinished"

# Docs/glossary.md says what to write instead.
mapfile -t pages < <(project_files md)
retired=$(grep -nHowE -f Scripts/retired-words.txt "${swift_files[@]}" "${python_files[@]}" "${web_files[@]}" \
    "${pages[@]}" | grep -vE '^Docs/(glossary|decisions/|evidence/)' || true)
[ -z "$retired" ] || finding "retired words:"$'\n'"$retired"

# Such a grep stops reading at what it looks for; what writes to it fails then, and pipefail calls that "not found".
hasty=$(grep -nHE '[|] *grep (-[A-Za-z]+ )*-[A-Za-z]*q' "${scripts[@]}" | grep -v '^Scripts/lint\.sh:' || true)
[ -z "$hasty" ] || finding "a pipe into grep -q under pipefail:"$'\n'"$hasty"

for script in "${scripts[@]}"; do
    bash -n "$script" || failed=1
    # What others source leaves the mode to them.
    case $script in Scripts/common.sh | Scripts/brokers.sh) continue ;; esac
    grep -q '^set -euo pipefail' "$script" || finding "$script: not in strict mode"
done
if command -v shellcheck >/dev/null 2>&1; then
    shellcheck --severity=warning --external-sources --source-path=SCRIPTDIR "${scripts[@]}" || failed=1
else
    not_run "shellcheck is not installed: scripts were only parsed (apt-get install shellcheck)"
fi

[ "$failed" -eq 0 ] || die "there are findings"
say "no findings in ${#swift_files[@]} Swift files, ${#scripts[@]} scripts and ${#python_files[@]} Python files and ${#web_files[@]} files of the dashboard"
