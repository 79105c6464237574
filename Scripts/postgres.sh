#!/usr/bin/env bash
# A PostgreSQL server of one's own for tests and demos: loopback only, trust authentication, free port.
#
#   Scripts/postgres.sh start DIR [--no-fsync] [--settings FILE]
#                                        makes the cluster if DIR has none, starts it, prints its URL
#   Scripts/postgres.sh stop DIR         ends the server that was started in DIR
#   Scripts/postgres.sh immediate DIR    ends it without a checkpoint, as a crash does
#
# A server that is started again in the same DIR keeps its port and so its URL. PostgreSQL refuses to run as root: root
# runs it as the user postgres, and where that user cannot reach DIR the data lies in a folder under /tmp, whose name
# is kept in DIR. --no-fsync is for tests that crash nothing: faster, and a crash of the machine may lose data.
# --settings names a file in the format of postgresql.conf, which a new cluster takes in place of our own choice.
set -euo pipefail

fail() {
    echo "postgres.sh: $*" >&2
    exit 1
}

[ $# -ge 2 ] || fail "usage: $0 start|stop|immediate DIR [--no-fsync] [--settings FILE]"
action=$1
directory=$2
shift 2
fsync=on
settings=""
while [ $# -gt 0 ]; do
    case $1 in
        --no-fsync) fsync=off ;;
        --settings)
            [ -f "${2:-}" ] || fail "--settings needs a file"
            settings=$2
            shift
            ;;
        *) fail "unknown flag: $1" ;;
    esac
    shift
done

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -z "$bin" ] && command -v initdb >/dev/null; then bin=$(dirname "$(command -v initdb)"); fi
[ -n "$bin" ] || fail "PostgreSQL's server programs were not found. Type: sudo apt-get install -y postgresql"

as_server() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

if [ "$action" = start ]; then mkdir -p "$directory"; fi
[ -d "$directory" ] || fail "no such folder: $directory"
directory=$(cd "$directory" && pwd)

# Where the data lies: decided at the first start, then read.
if [ -f "$directory/data-folder" ]; then
    data=$(cat "$directory/data-folder")
elif [ "$action" = start ]; then
    data=$directory/data
    mkdir -p "$data"
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$data"
        if ! as_server test -w "$data" 2>/dev/null; then
            rmdir "$data"
            data=$(mktemp -d /tmp/churn-postgres.XXXXXX)
            chown postgres "$data"
        fi
    fi
    chmod 700 "$data"
    echo "$data" >"$directory/data-folder"
else
    fail "no server was ever started in $directory"
fi

port_is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start() {
    if [ ! -f "$data/PG_VERSION" ]; then
        as_server "$bin/initdb" -D "$data" -U churn -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null ||
            fail "initdb failed in $data"
        # Before the settings, which may choose otherwise.
        printf '%s\n' "shared_buffers = 256MB" "max_wal_size = 4GB" "max_connections = 200" >>"$data/postgresql.conf"
        if [ -n "$settings" ]; then cat "$settings" >>"$data/postgresql.conf"; fi
    fi
    if ! as_server "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; then
        local port options
        for _ in 1 2 3 4 5; do
            port=$(cat "$directory/port" 2>/dev/null || true)
            if [ -z "$port" ]; then
                port=$((20000 + RANDOM % 12000))
                port_is_free "$port" || continue
            fi
            options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=$fsync"
            options+=" -c full_page_writes=$fsync"
            if as_server "$bin/pg_ctl" -D "$data" -w -t 60 -l "$data/server.log" -o "$options" start >/dev/null; then
                echo "$port" >"$directory/port"
                break
            fi
            [ -f "$directory/port" ] && fail "the server did not start; see $data/server.log"
        done
        [ -f "$directory/port" ] || fail "no free port was found; see $data/server.log"
    fi
    local port
    port=$(cat "$directory/port")
    local found
    found=$(as_server "$bin/psql" -h 127.0.0.1 -p "$port" -U churn -d postgres -qtAc \
        "select 1 from pg_database where datname = 'churn'")
    [ "$found" = 1 ] ||
        as_server "$bin/createdb" -h 127.0.0.1 -p "$port" -U churn churn
    echo "postgres://churn@127.0.0.1:$port/churn"
}

case $action in
    start) start ;;
    stop) as_server "$bin/pg_ctl" -D "$data" -w -t 60 -m fast stop >/dev/null ;;
    immediate) as_server "$bin/pg_ctl" -D "$data" -w -t 60 -m immediate stop >/dev/null ;;
    *) fail "unknown action: $action" ;;
esac
