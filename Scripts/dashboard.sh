#!/usr/bin/env bash
# Checks the types of the dashboard and bundles it into Dashboard/dist, where churnd finds it.
#
#   Scripts/dashboard.sh            check and bundle
#   Scripts/dashboard.sh --test     check, bundle and run its unit tests
#   Scripts/dashboard.sh --if-able  bundle where the packages are there, and say what is missing where not
set -euo pipefail
. "$(dirname "$0")/common.sh"

# What `apt-get install` calls the parts, each with a file that it brings.
parts=(
    esbuild:/usr/bin/esbuild nodejs:/usr/bin/node node-typescript:/usr/bin/tsc
    node-react:/usr/share/nodejs/react node-react-dom:/usr/share/nodejs/react-dom
    node-chart.js:/usr/share/nodejs/chart.js node-csstype:/usr/share/nodejs/csstype
    node-prop-types:/usr/share/nodejs/prop-types
)
mode=${1:-}
case $mode in "" | --test | --if-able | --packages) ;; *) die "usage: $0 [--test | --if-able | --packages]" ;; esac

missing=()
for part in "${parts[@]}"; do
    [ -e "${part#*:}" ] || missing+=("${part%%:*}")
done
if [ "$mode" = --packages ]; then
    [ ${#missing[@]} -eq 0 ] || printf '%s\n' "${missing[@]}"
    exit
fi
if [ ${#missing[@]} -gt 0 ]; then
    line="the dashboard is not built; type: sudo apt-get install -y --no-install-recommends ${missing[*]}"
    [ "$mode" = --if-able ] || die "$line"
    say "$line"
    exit
fi

say "checking the dashboard's types"
tsc --project Dashboard/tsconfig.json
node Dashboard/build.mjs
[ "$mode" = --test ] || exit 0

say "unit tests of the dashboard"
[ -d /usr/share/nodejs/jsdom ] || die "node-jsdom is missing; type: sudo apt-get install -y --no-install-recommends node-jsdom"
bundles=$work/dashboard-tests
rm -rf "$bundles"
NODE_PATH=/usr/share/nodejs esbuild Dashboard/tests/*.test.ts* --bundle --platform=node --format=cjs --target=node18 \
    --jsx=automatic --tsconfig=Dashboard/tsconfig.esbuild.json --external:react --external:react-dom --external:jsdom \
    --log-level=warning --outdir="$bundles"
# In another language than the page's: no format may follow the machine.
LC_ALL=ar_EG.UTF-8 NODE_PATH=/usr/share/nodejs timeout 120 node --test --test-force-exit "$bundles"
