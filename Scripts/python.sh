#!/usr/bin/env bash
# Makes the virtual environment that the integration tests run in, where it is missing or out of date, and prints its
# interpreter's path.
set -euo pipefail
. "$(dirname "$0")/common.sh"

environment=$work/venv
wanted=Tests/Integration/requirements.txt
if ! cmp -s "$wanted" "$environment/requirements.txt"; then
    say "installing the integration tests' Python packages into .work/venv"
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" >&2 ||
        die "pip could not install the packages of $wanted; is a package index reachable?"
    cp "$wanted" "$environment/requirements.txt"
fi
echo "$environment/bin/python"
