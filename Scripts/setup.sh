#!/usr/bin/env bash
# Installs what is missing, and nothing else.
#
#   Scripts/setup.sh run     what it takes to build and run churnd
#   Scripts/setup.sh test    that, and what the tests need: PostgreSQL's server, Python, ...
#   Scripts/setup.sh evidence   that, and what only the long forms need: wrk, sqlmap
#
# slowhttptest, pgbouncer, shellcheck, Firefox, wrk and sqlmap are taken where apt has them; elsewhere the tests that
# need them say so.
# On Debian and Ubuntu packages come from apt, with sudo where one is not root. Where they cannot be installed from
# here, the exact line to type is printed and the script fails. A Swift toolchain is not installed, only looked for.
set -euo pipefail
. "$(dirname "$0")/common.sh"

purpose=${1:-run}
case $purpose in run | test | evidence) ;; *) die "usage: $0 run|test|evidence" ;; esac

oldest_swift=6.2

has() { command -v "$1" >/dev/null 2>&1; }

check_swift() {
    has swift || die "no Swift toolchain is on the PATH. Install Swift $oldest_swift or later: https://www.swift.org/install"
    local found
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$found" ] || die "'swift --version' does not name a version. Install Swift $oldest_swift or later"
    [ "$(printf '%s\n%s\n' "$oldest_swift" "$found" | sort -V | head -n 1)" = "$oldest_swift" ] ||
        die "Swift $found is too old. Install Swift $oldest_swift or later: https://www.swift.org/install"
}

# Whether a C library that pkg-config knows is there.
has_library() { has pkg-config && pkg-config --exists "$1"; }

# The C++ standard library, which Swift's linker needs; its package's name has a version in it, g++ brings the right one.
has_cxx_library() { compgen -G '/usr/lib/gcc/*/*/libstdc++.so' >/dev/null; }

has_postgres() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

# Whether packages can be installed from here.
can_install() { [ "$(id -u)" = 0 ] || { has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; }

# What the dashboard is bundled from. Without it churnd runs all the same, with a small page in its place: only tests
# insist on it.
missing_dashboard_packages() {
    if [ "$purpose" = test ] || can_install; then Scripts/dashboard.sh --packages; fi
}

# Debian keeps it out of the users' path.
has_pgbouncer() { has pgbouncer || [ -x /usr/sbin/pgbouncer ]; }

has_chromium() { has chromium || [ -n "${CHURN_TEST_CHROMIUM:-}" ]; }

has_venv() { python3 -c 'import venv, ensurepip' >/dev/null 2>&1; }

# The system's own Python, where python3-xgboost lives; another python3 may come first on the PATH.
has_reference_model() { /usr/bin/python3 -c 'import xgboost' >/dev/null 2>&1; }

# The names of Debian packages that are missing, judged by what they bring rather than by dpkg.
missing_packages() {
    has pkg-config || echo pkg-config
    has_library rdkafka || echo librdkafka-dev
    has_library libpq || echo libpq-dev
    has_library xgboost || echo libxgboost-dev
    has git || echo git
    has_cxx_library || echo g++
    missing_dashboard_packages
    [ "$purpose" != run ] || return 0
    has_postgres || echo postgresql
    has kcat || echo kcat
    has openssl || echo openssl
    has ss || echo iproute2
    has python3 || echo python3
    python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
    has_venv || echo python3-venv
    has_reference_model || echo python3-xgboost
    has_chromium || echo chromium
    [ -d /usr/share/nodejs/jsdom ] || echo node-jsdom
}

# The same for packages without which some tests are not run.
missing_tools() {
    [ "$purpose" != run ] || return 0
    has slowhttptest || echo slowhttptest
    has_pgbouncer || echo pgbouncer
    has firefox-esr || has firefox || echo firefox-esr
    has shellcheck || echo shellcheck
    [ "$purpose" = evidence ] || return 0
    has wrk || echo wrk
    has sqlmap || echo sqlmap
}

install_with_apt() {
    # Another installation may be going on: wait for its lock.
    local -a command=(apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@")
    local line="sudo apt-get update && sudo ${command[*]}"
    if [ "$(id -u)" = 0 ]; then
        say "installing: $*"
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive "${command[@]}"; } >&2 ||
            die "apt-get failed. Fix what it says above, or type: ${line//sudo /}"
    elif can_install; then
        say "installing with sudo: $*"
        { sudo apt-get update -q && sudo DEBIAN_FRONTEND=noninteractive "${command[@]}"; } >&2 ||
            die "apt-get failed. Fix what it says above, or type: $line"
    else
        die "packages are missing and may not be installed from here. Type: $line"
    fi
}

check_swift
if has apt-get; then
    mapfile -t missing < <(missing_packages)
    if [ ${#missing[@]} -gt 0 ]; then
        install_with_apt "${missing[@]}"
        mapfile -t missing < <(missing_packages)
        [ ${#missing[@]} -eq 0 ] || die "still missing after the installation: ${missing[*]}"
    fi
    offered=()
    for tool in $(missing_tools); do
        if is_offered "$tool"; then offered+=("$tool"); else say "apt has no $tool: tests that need it are not run"; fi
    done
    [ ${#offered[@]} -eq 0 ] || (install_with_apt "${offered[@]}") || say "not installed: tests that need them are not run"
else
    missing=()
    for library in rdkafka libpq xgboost; do has_library "$library" || missing+=("$library"); done
    if [ ${#missing[@]} -gt 0 ]; then
        die "pkg-config does not find: ${missing[*]}. With Homebrew, type: brew install pkgconf librdkafka libpq xgboost"
    fi
    if [ "$purpose" != run ]; then
        for tool in $(missing_tools); do say "$tool is missing: tests that need it are not run"; done
        has_postgres || die "PostgreSQL's server is missing. With Homebrew, type: brew install postgresql@17"
        has_venv || die "python3 with venv is missing. With Homebrew, type: brew install python3"
    fi
fi
