"""The sides of a comparison: a binary of churnd, or the tuned Python baseline, each over customers of its own."""

import contextlib
import os
import signal
import subprocess
import time
import uuid

import psycopg

from baseline import free_port
from harness import Churnd, Database, is_ready, run_churnd, wait_until


class OurSide:
    """A binary of churnd. Its customers are imported once; each turn begins with a copy of that database."""

    def __init__(self, name, binary, model, customers, settings, prune_seconds=None):
        self.name, self.binary, self.model = name, binary, model
        self.prune_seconds = prune_seconds
        self.template = Database(os.environ["CHURN_TEST_POSTGRES_URL"])
        self.run("migrate", "--postgres-url", self.template.url)
        self.run("import", customers, "--postgres-url", self.template.url)
        with self.template.connect() as database:
            for statement in settings:
                database.execute(statement)
            database.execute("VACUUM (ANALYZE, FREEZE) users")

    def run(self, *arguments):
        subprocess.run([self.binary, *map(str, arguments)], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @contextlib.contextmanager
    def turn(self, topic, folder):
        database = Database(self.template.server_url, template=self.template.name)
        port = free_port()
        with database.connect() as connection:
            connection.execute("CHECKPOINT")
        process = Churnd(
            ["run", "--postgres-url", database.url, "--kafka-brokers", os.environ["CHURN_TEST_KAFKA_BROKERS"],
             "--kafka-topic", topic, "--kafka-group", uuid.uuid4().hex, "--model", str(self.model), "--auth", "none",
             "--http-port", str(port)], folder / f"{self.name}-{uuid.uuid4().hex[:6]}.log", binary=self.binary)
        pruning = self.prune(database) if self.prune_seconds else None
        try:
            with database.connect() as connection:
                yield Turn(connection, [process.process.pid], f"ws://127.0.0.1:{port}/ws/updates",
                           "SELECT coalesce(sum(next_offset), 0)::bigint FROM stream_positions",
                           lambda: wait_until(lambda: is_ready(port), 300, "churnd is ready"))
        finally:
            if pruning:
                os.killpg(pruning.pid, signal.SIGTERM)
                pruning.wait()
            assert process.stop() == 0, f"see {process.log.name}"
            database.drop()

    def prune(self, database):
        """Deletes updates older than that many seconds, again and again, as a daily job does with those of days."""
        days = self.prune_seconds / 86_400
        script = f'while sleep {self.prune_seconds / 2}; do "$0" prune --updates-days {days:.6f}; done'
        return subprocess.Popen(["bash", "-c", script, self.binary], start_new_session=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                env={**os.environ, "CHURN_POSTGRES_URL": database.url})

    def close(self):
        self.template.drop()


class PythonSide:
    """tuned.py and its API, with producers' ids counted once where events have them."""

    name = "tuned"

    def __init__(self, baseline, customers, deduplicates):
        self.baseline = baseline
        self.deduplicates = deduplicates
        if customers != baseline.telco:
            baseline.call("load_users.py", customers)

    @contextlib.contextmanager
    def turn(self, topic, folder):
        self.baseline.clean()
        api, port = self.baseline.api()
        extra = {"DEDUP": "1"} if self.deduplicates else {}
        process = self.baseline.call("tuned.py", 10 ** 9, wait=False, TOPIC=topic, API=f"http://127.0.0.1:{port}",
                                     **extra)
        try:
            with self.baseline.database.connect() as connection:
                yield Turn(connection, [process.pid, api.pid], f"ws://127.0.0.1:{port}/ws/updates",
                           "SELECT coalesce(max(id), 0) FROM predictions", lambda: time.sleep(1))
        finally:
            for each in (process, api):
                each.terminate()
                each.wait()

    def close(self):
        self.baseline.database.drop()


class Turn:
    """One side at work: how far it is, by a query that costs it nothing worth mentioning."""

    def __init__(self, connection, processes, url, query, wait_ready):
        self.connection, self.processes, self.url = connection, processes, url
        self.query, self.wait_ready = query, wait_ready

    def progress(self):
        try:
            return self.connection.execute(self.query).fetchone()[0]
        except psycopg.errors.UndefinedTable:
            return 0

    def stored(self):
        return self.connection.execute("SELECT count(*) FROM predictions").fetchone()[0]


def train(binary, customers, folder):
    """A bundle that every binary serves."""
    run_churnd("train", str(customers), "--output", str(folder / "bundle"), "--seed", "1")
    return folder / "bundle"
