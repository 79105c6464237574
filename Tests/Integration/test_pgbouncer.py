"""PgBouncer before PostgreSQL: by session everything works, with our settings; by transaction is refused by name."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from harness import System, free_port, required, run_churnd, wait_until

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="this machine has no pgbouncer")


@contextlib.contextmanager
def pooler(server_url, mode, ignored="extra_float_digits"):
    """A PgBouncer before the server, as a URL."""
    server, _, database = server_url.rpartition("/")
    address = server.rpartition("@")[2]
    host, _, port = address.partition(":")
    listened = free_port()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="churn-pooler.", dir="/tmp"))
    (folder / "pgbouncer.ini").write_text(f"""
[databases]
* = host={host} port={port} user=churn
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listened}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 8
max_client_conn = 100
ignore_startup_parameters = {ignored}
logfile = {folder}/log
""")
    as_other = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, "nobody")
    process = subprocess.Popen([*as_other, PROGRAM, "-q", str(folder / "pgbouncer.ini")], stdin=subprocess.DEVNULL)
    url = f"postgres://churn@127.0.0.1:{listened}/{database}"
    try:
        wait_until(lambda: answers(url), 20, "PgBouncer answers")
        yield url
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder)


def answers(url):
    return subprocess.run(["psql", url, "-qAtc", "SELECT 1"], capture_output=True).returncode == 0


def mislead(system):
    """Sessions of this database look into a schema without tables, unless they are configured otherwise."""
    with system.database.connect() as database:
        database.execute(f"ALTER DATABASE {system.database.name} SET search_path = nowhere")


@pytest.mark.parametrize("ignored", ["extra_float_digits", "extra_float_digits, options"])
def test_by_session_everything_works_with_our_settings(ignored, customers, bundle, tmp_path):
    with pooler(required("CHURN_TEST_POSTGRES_URL"), "session", ignored) as url:
        system = System(url, required("CHURN_TEST_KAFKA_BROKERS"), bundle, customers, tmp_path)
        try:
            mislead(system)
            assert system.database.value("SELECT count(*) FROM public.users") == 3000
            run_churnd("migrate", *system.postgres)
            process = system.start(*system.assign())
            system.simulate(2_000)
            wait_until(lambda: system.database.value("SELECT count(*) FROM public.events") == 2_000, 60, "the events")
            assert system.database.value("SELECT count(*) FROM public.dead_letters") == 0
            assert process.stop() == 0, system.tail()
        finally:
            system.close()


@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_by_transaction_is_refused_before_anything_is_done(mode, new_system):
    system = new_system()
    server, _, name = system.database.url.rpartition("/")
    with pooler(f"{server}/{name}", mode) as url:
        arguments = ["--postgres-url", url]
        model = system.arguments[-1]
        for command in (["migrate"], ["import", str(system.customers)], ["score", "--model", model],
                        ["check", "--model", model],
                        ["run", "--kafka-assign", "all", "--auth", "none", "--http-port", "0", "--model", model]):
            done = run_churnd(*command, *arguments, check=False, seconds=60)
            assert done.returncode != 0, f"churnd {command[0]} went on: {done.stdout}{done.stderr}"
            assert "pool_mode to session" in done.stdout + done.stderr, done.stdout + done.stderr
    assert system.database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0
