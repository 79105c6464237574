#!/usr/bin/env bash
# Measures every read endpoint over HTTP at rising sizes of the history, over a PostgreSQL of its own.
#
#   Benchmarks/endpoints.sh [--rounds 300] [PREDICTIONS...]      10000 1000000 10000000 by default
#   Benchmarks/endpoints.sh --load 600 [--rate 20000] 10000000   while events are written, for this many seconds
#
# See endpoints.py. CHURND names the program; a release build is made where it is not set. 10000000 takes some minutes
# to fill, and 6 GB.
set -euo pipefail
. "$(dirname "$0")/../Scripts/common.sh"

if [ -z "${CHURND:-}" ]; then
    swift build -c release --product churnd
    CHURND=$(swift build -c release --show-bin-path)/churnd
    export CHURND
fi
Scripts/setup.sh test
python=$(Scripts/python.sh)
case " $* " in
*" --load "*) documented_settings >"$work/postgresql.conf" && export CHURN_TEST_POSTGRES_SETTINGS=$work/postgresql.conf ;;
*) export CHURN_TEST_KAFKA_BROKERS=none ;; # reading needs no broker
esac
exec Scripts/with-servers.sh "$python" Benchmarks/endpoints.py "$@"
