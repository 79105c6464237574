"""Throughput and latency of churnd beside the same job in Python, on one broker and one database server, in one run.

    python Benchmarks/compare.py --baseline DIR --telco FILE [--events 200000] [--pairs 5]

Needs CHURN_TEST_POSTGRES_URL and CHURN_TEST_KAFKA_BROKERS (Scripts/with-servers.sh sets them), the folder of the Python
baseline, and a release build of churnd (CHURND, default .build/release/churnd). Each pair runs both sides over the same
backlog, in turns, each in a database of its own on the same server, with durable commits; the rate is polled for both
by the baseline's rate.py. Latency is measured by the baseline's latency.py, at 1,000 events a second, each side on a
broker of its own that was just started, and beside a reader that does nothing (bare_reader.py).
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time
import uuid

from baseline import ROOT, Baseline, Database, free_port
from harness import Churnd, is_ready, run_churnd, wait_until


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = pathlib.Path(folder)
        self.server = os.environ["CHURN_TEST_POSTGRES_URL"]
        self.brokers = os.environ["CHURN_TEST_KAFKA_BROKERS"]
        self.baseline = Baseline(options.baseline, options.telco, folder)
        self.databases = []
        self.model = self.folder / "bundle"
        run_churnd("train", options.telco, "--output", str(self.model), "--seed", "1")

    def lay_out_log(self):
        """Has the server lay out files of its write-ahead log ahead, as one that has run for a while has them: a new one
        costs whoever commits then 20 to 30 ms, which would be the p99 of either side by chance. Not for throughput:
        files that are written over for the first time slow both sides down."""
        with self.baseline.database.connect() as database:
            database.execute("ALTER SYSTEM SET min_wal_size = '2GB'")
            database.execute("SELECT pg_reload_conf()")
            database.execute(
                "SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal() FROM generate_series(1, 100)")
            database.execute("CHECKPOINT")
        # The disk goes on with it for a while, and whoever is measured first would pay.
        os.sync()
        time.sleep(60)

    def database(self):
        database = Database(self.server)
        self.databases.append(database)
        return database

    def tuned_rate(self, topic, count):
        self.baseline.clean()
        api, port = self.baseline.api()
        try:
            rate = self.baseline.call("rate.py", count, wait=False)
            self.baseline.call("tuned.py", count, TOPIC=topic, API=f"http://127.0.0.1:{port}")
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
        rate = self.baseline.call("rate.py", count, database=database, wait=False)
        answer = json.loads(rate.communicate()[0])
        assert process.stop() == 0
        database.drop()
        return answer

    def throughput(self):
        count = self.options.events
        topic = "bench-" + uuid.uuid4().hex[:8]
        print(self.baseline.call("produce.py", count, TOPIC=topic).strip(), flush=True)
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

    @contextlib.contextmanager
    def fresh_broker(self):
        """A broker that holds nothing yet, with a small topic: the test broker answers the more slowly the more single
        records it holds, so that the second side of a pair on one broker would pay for the first."""
        is_small = self.options.latency_broker == "small"
        script = str(ROOT / "Scripts" / ("small-broker.sh" if is_small else "kafka-broker.sh"))
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
        data = tempfile.mkdtemp(prefix="churn-broker-", dir=memory) if is_small else None
        started = subprocess.run([script, "start", "0"] + (["--data", data] if data else []), capture_output=True,
                                 text=True, check=True)
        process, address = started.stdout.split()
        before, self.brokers = self.brokers, address
        os.environ["CHURN_TEST_KAFKA_BROKERS"] = address
        topic = "latency-" + uuid.uuid4().hex[:8]
        try:
            self.baseline.call("produce.py", 100, TOPIC=topic, PARTITIONS=str(self.options.partitions))
            yield topic
        finally:
            subprocess.run([script, "stop", process], check=True)
            if data:
                shutil.rmtree(data)
            self.brokers = before
            os.environ["CHURN_TEST_KAFKA_BROKERS"] = before

    def bare_latency(self, rate, seconds):
        with self.fresh_broker() as topic:
            return json.loads(self.baseline.call(ROOT / "Benchmarks" / "bare_reader.py", self.brokers,
                                        topic, rate, seconds))

    def tuned_latency(self, rate, seconds):
        self.baseline.clean()
        with self.fresh_broker() as topic:
            api, port = self.baseline.api()
            tuned = self.baseline.call("tuned.py", 10 ** 9, wait=False, TOPIC=topic,
                              API=f"http://127.0.0.1:{port}")
            try:
                time.sleep(5)
                return json.loads(self.baseline.call("latency.py", f"ws://127.0.0.1:{port}/ws/updates",
                                            rate, seconds, TOPIC=topic))
            finally:
                for process in (tuned, api):
                    process.terminate()
                    process.wait()

    def our_latency(self, rate, seconds):
        with self.fresh_broker() as topic:
            process, database, port = self.our_process(topic, "latency")
            wait_until(lambda: is_ready(port), 60, "churnd is ready")
            time.sleep(2)
            answer = json.loads(self.baseline.call("latency.py", f"ws://127.0.0.1:{port}/ws/updates", rate, seconds,
                                                   database=database, TOPIC=topic))
            assert process.stop() == 0
            return answer

    def latency(self, seconds=10, rate=1000):
        sides = {"churnd": self.our_latency, "tuned": self.tuned_latency, "bare reader": self.bare_latency}
        results = {name: [] for name in sides}
        self.lay_out_log()
        for number in range(self.options.latency_pairs):
            for name in list(sides) if number % 2 == 0 else reversed(list(sides)):
                results[name].append(sides[name](rate, seconds))
                print(f"latency at {rate}/s, {self.options.partitions} partitions: {name} {results[name][-1]}",
                      flush=True)
        for percentile in ("p50_ms", "p99_ms"):
            median = {name: statistics.median(one[percentile] for one in found) for name, found in results.items()}
            print(f"latency {percentile}, median of {self.options.latency_pairs}: churnd {median['churnd']:.1f}, "
                  f"tuned {median['tuned']:.1f}, bare reader {median['bare reader']:.1f}, "
                  f"ratio {median['churnd'] / median['tuned']:.2f}", flush=True)

    def close(self):
        for database in [*self.databases, self.baseline.database]:
            database.drop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baseline", required=True)
    parser.add_argument("--telco", required=True)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--latency-pairs", type=int, default=3)
    parser.add_argument("--partitions", type=int, default=4, help="of the topic in the latency comparison")
    parser.add_argument("--latency-broker", choices=["main", "small"], default="main",
                        help="kafka-broker.sh or small-broker.sh, whose data then lie in memory")
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
