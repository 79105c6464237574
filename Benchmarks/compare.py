"""Throughput and latency of churnd beside the same job in Python, on one broker and one database server, in one run.

    python Benchmarks/compare.py --baseline DIR --telco FILE [--events 200000] [--pairs 5]

Needs CHURN_TEST_POSTGRES_URL and CHURN_TEST_KAFKA_BROKERS (Scripts/with-servers.sh sets them), the folder of the Python
baseline, and a release build of churnd (CHURND, default .build/release/churnd). Each pair runs both sides over the same
backlog, in turns, each in a database of its own on the same server, with durable commits; the rate is polled for both
by the baseline's rate.py. Latency is measured by the baseline's latency.py, at 1,000 events a second.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "Integration"))
os.environ.setdefault("CHURND", str(ROOT / ".build" / "release" / "churnd"))

from harness import Churnd, Database, free_port, is_ready, run_churnd, wait_until  # noqa: E402


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = pathlib.Path(folder)
        self.server = os.environ["CHURN_TEST_POSTGRES_URL"]
        self.brokers = os.environ["CHURN_TEST_KAFKA_BROKERS"]
        self.baseline = pathlib.Path(options.baseline)
        self.python = self.virtual_environment()
        self.databases = []
        self.model = self.folder / "bundle"
        self.base_database = self.database()
        run_churnd("train", options.telco, "--output", str(self.model), "--seed", "1")
        self.call("setup_db.py", self.base_database)

    def virtual_environment(self):
        script = ". ./env.sh >/dev/null && echo $PY"
        done = subprocess.run(["bash", "-c", script], cwd=self.baseline, capture_output=True, text=True, check=True,
                              env=self.environment(None))
        return done.stdout.strip().splitlines()[-1]

    def database(self):
        database = Database(self.server)
        self.databases.append(database)
        return database

    def environment(self, database, **extra):
        home = os.environ.get("BASELINE_HOME", os.path.join(tempfile.gettempdir(), "churn-baseline"))
        values = {**os.environ, "KAFKA": os.environ["CHURN_TEST_KAFKA_BROKERS"], "DATA": self.options.telco,
                  "MODEL": f"{home}/model.json", "COLUMNS_FILE": f"{home}/columns.json",
                  "PYTHONDONTWRITEBYTECODE": "1", **extra}
        if database:
            values["PG_DSN"] = database.url
        return values

    def call(self, script, database, *arguments, wait=True, **extra):
        command = [self.python, str(self.baseline / script), *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=self.folder,
                                   env=self.environment(database, **extra))
        return process.communicate()[0] if wait else process

    def api(self, database):
        """The baseline's API, which the tuned processor posts to; returns the process and its port."""
        port = free_port()
        process = subprocess.Popen(
            [str(pathlib.Path(self.python).parent / "uvicorn"), "seed_api:app", "--port", str(port), "--log-level",
             "error"], cwd=self.baseline, env=self.environment(database))
        time.sleep(2)
        return process, port

    def clean_baseline(self):
        with self.base_database.connect() as database:
            database.execute("TRUNCATE predictions, events")
            database.execute("CHECKPOINT")

    def tuned_rate(self, topic, count):
        self.clean_baseline()
        api, port = self.api(self.base_database)
        try:
            rate = self.call("rate.py", self.base_database, count, wait=False)
            self.call("tuned.py", self.base_database, count, TOPIC=topic, API=f"http://127.0.0.1:{port}")
            return json.loads(rate.communicate()[0])
        finally:
            api.terminate()
            api.wait()

    def our_process(self, topic, name, *extra):
        database = self.database()
        run_churnd("migrate", "--postgres-url", database.url)
        run_churnd("import", self.options.telco, "--postgres-url", database.url)
        with database.connect() as connection:
            connection.execute("CHECKPOINT")
        port = free_port()
        process = Churnd(
            ["run", "--postgres-url", database.url, "--kafka-brokers", self.brokers, "--kafka-topic", topic,
             "--kafka-group", uuid.uuid4().hex, "--model", str(self.model), "--auth", "none",
             "--http-port", str(port), *extra],
            self.folder / f"{name}.log")
        return process, database, port

    def our_rate(self, topic, count, number):
        process, database, _ = self.our_process(topic, f"churnd-{number}")
        rate = self.call("rate.py", database, count, wait=False)
        answer = json.loads(rate.communicate()[0])
        assert process.stop() == 0
        database.drop()
        return answer

    def throughput(self):
        count = self.options.events
        topic = "bench-" + uuid.uuid4().hex[:8]
        print(self.call("produce.py", self.base_database, count, TOPIC=topic).strip(), flush=True)
        pairs = []
        for number in range(self.options.pairs):
            sides = {}
            for side in ("tuned", "churnd") if number % 2 == 0 else ("churnd", "tuned"):
                answer = self.tuned_rate(topic, count) if side == "tuned" else self.our_rate(topic, count, number)
                assert answer["complete"], f"{side} did not finish: {answer}"
                sides[side] = answer["events_per_s"]
            pairs.append(sides)
            print(f"pair {number + 1}: churnd {sides['churnd']:,.0f}/s, tuned {sides['tuned']:,.0f}/s, "
                  f"ratio {sides['churnd'] / sides['tuned']:.2f}", flush=True)
        ratios = [pair["churnd"] / pair["tuned"] for pair in pairs]
        print(f"throughput, median of {len(pairs)} pairs: churnd "
              f"{statistics.median(pair['churnd'] for pair in pairs):,.0f}/s, tuned "
              f"{statistics.median(pair['tuned'] for pair in pairs):,.0f}/s, ratio {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f})", flush=True)

    def small_topic(self):
        topic = "latency-" + uuid.uuid4().hex[:8]
        self.call("produce.py", self.base_database, 100, TOPIC=topic)
        return topic

    def latency(self, seconds=10, rate=1000):
        results = []
        for _ in range(self.options.latency_pairs):
            # A topic for each side: the test broker answers a fetch more slowly the more batches a topic holds.
            topic = self.small_topic()
            self.clean_baseline()
            api, port = self.api(self.base_database)
            tuned = self.call("tuned.py", self.base_database, 10 ** 9, wait=False, TOPIC=topic,
                              API=f"http://127.0.0.1:{port}")
            time.sleep(5)
            theirs = json.loads(self.call("latency.py", self.base_database, f"ws://127.0.0.1:{port}/ws/updates", rate,
                                          seconds, TOPIC=topic))
            for process in (tuned, api):
                process.terminate()
                process.wait()
            topic = self.small_topic()
            process, database, port = self.our_process(topic, "latency")
            wait_until(lambda: is_ready(port), 60, "churnd is ready")
            time.sleep(2)
            ours = json.loads(self.call("latency.py", database, f"ws://127.0.0.1:{port}/ws/updates", rate, seconds,
                                        TOPIC=topic))
            assert process.stop() == 0
            results.append((ours, theirs))
            print(f"latency at {rate}/s: churnd {ours}, tuned {theirs}", flush=True)
        ours = statistics.median(result[0]["p99_ms"] for result in results)
        theirs = statistics.median(result[1]["p99_ms"] for result in results)
        print(f"latency p99, median of {len(results)}: churnd {ours:.1f} ms, tuned {theirs:.1f} ms, "
              f"ratio {ours / theirs:.2f}", flush=True)

    def close(self):
        for database in self.databases:
            database.drop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baseline", required=True)
    parser.add_argument("--telco", required=True)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--latency-pairs", type=int, default=3)
    options = parser.parse_args()
    options.telco = os.path.abspath(options.telco)
    with tempfile.TemporaryDirectory(prefix="churn-bench-") as folder:
        bench = Bench(options, folder)
        try:
            if options.pairs:
                bench.throughput()
            if options.latency_pairs:
                bench.latency()
        finally:
            bench.close()


if __name__ == "__main__":
    main()
