#!/usr/bin/env python3
"""The time of every read endpoint over HTTP, of one churnd over PostgreSQL, at rising sizes of the history.

    Benchmarks/endpoints.sh [--rounds 300] [PREDICTIONS ...]      10000 1000000 10000000 without any
    Benchmarks/endpoints.sh --load 600 [--rate 20000] 10000000    while events are written, for this many seconds

For each size a database of its own is filled by Benchmarks/customers.sql: ten predictions a customer. One client asks
over a connection that it keeps, with random customers and places. Fails where an answer is not 200 or where the served
OpenAPI document names a read endpoint that was not asked for. Prints p50, p99 and the longest time in milliseconds,
and names what was slower than allowed: a p99 of 20 ms, and of 10 ms for dashboard-kpis and under load.

Under load a second churnd reads the events from a broker and writes them, and all endpoints are asked in turns, again
and again, which takes in what happens only every few minutes: the projection loaded again, checkpoints, vacuum.
"""

import argparse
import gc
import http.client
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "Integration"))
from harness import (CHURND, Churnd, Database, Topic, free_port, is_ready, run_churnd, train_bundle,  # noqa: E402
                     wait_until)

ALLOWED = {"/api/dashboard-kpis": 10.0}
# What is streamed whole takes as long as the client: its first part is timed.
STREAMED = ("/api/watchlist/export", "/api/events/history/export", "/api/churn-alerts-history/export")


class Client:
    """Asks over one connection that is kept."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, target, body=None):
        """The answer's bytes, and how many milliseconds they took to come."""
        is_streamed = target.split("?")[0] in STREAMED
        headers = {"Content-Type": "application/json"} if body else {}
        start = time.perf_counter()
        self.connection.request("POST" if body else "GET", target, body, headers)
        answer = self.connection.getresponse()
        data = answer.read(16_384) if is_streamed else answer.read()
        took = (time.perf_counter() - start) * 1e3
        if is_streamed:
            self.connection.close()
        if answer.status != 200:
            raise SystemExit(f"{target}: status {answer.status}: {data[:300].decode(errors='replace')}")
        return data, took


def questions(client, predictions):
    """(template of the path, what is special, function that gives a target) for every read endpoint."""
    customers = predictions // 10
    chosen = random.Random(7)

    def customer():
        return f"C-{chosen.randrange(customers):07}"

    def event():
        return chosen.randrange(predictions // 2, predictions)

    middle = json.loads(client.get(f"/api/watchlist?page={max(1, customers // 20)}")[0])["next_after"]
    middle = urllib.parse.quote(middle or "")
    cases = [case["alert_id"] for case in json.loads(client.get("/api/alerts?limit=200")[0])["alerts"]]
    watchlist = {
        "": lambda: "", "a page in the middle": lambda: f"?page={chosen.randrange(1, max(2, customers // 10))}",
        "by cursor": lambda: f"?after={middle}", "a band": lambda: "?risk=Critical",
        "a band and a segment, deep": lambda: f"?risk=Low&contract=One+year&page={max(1, customers // 100)}",
        "search of one": lambda: f"?search={customer()}", "search of some": lambda: f"?search={customer()[:6]}",
        "search of a tenth, a band": lambda: f"?search=c-0{chosen.randrange(10)}&risk=Medium",
        "search of all, a band, deep": lambda: f"?search=c-&risk=Low&page={max(1, customers // 50)}",
        "by value, ascending, the middle": lambda: f"?sort=value&order=asc&page={max(1, customers // 20)}",
        "by activity": lambda: "?sort=activity", "by id, the end": lambda: f"?sort=id&page={max(1, customers // 10)}",
        "500 a page": lambda: f"?limit=500&page={chosen.randrange(1, max(2, customers // 500))}",
    }
    for name, query in watchlist.items():
        yield "/api/watchlist", name, lambda query=query: "/api/watchlist" + query()
    for path in ("/api/dashboard-kpis", "/api/analytics", "/api/shap-summary", "/api/domain", "/api/models",
                 "/api/model-health", "/api/audit", "/api/webhooks/deliveries"):
        yield path, "", lambda path=path: path
    for part in ("", "/timeline", "/explanation", "/changes"):
        yield "/api/customer/{id}" + part, "", lambda part=part: f"/api/customer/{customer()}{part}"
    for path, most in (("/api/events/history", 1_000), ("/api/churn-alerts-history", 7_048)):
        yield path, "50 newest", lambda path=path: f"{path}?limit=50"
        yield path, "50 from anywhere", lambda path=path: f"{path}?limit=50&before={event()}"
        yield path, f"{most} newest", lambda path=path, most=most: f"{path}?limit={most}"
    for name, query in {"": lambda: "", "open": lambda: "?status=open", "resolved": lambda: "?status=resolved",
                        "a band": lambda: "?band=Critical", "a band without any": lambda: "?band=Low",
                        "of an agent": lambda: "?assignee=agent+3", "of a customer": lambda: f"?customer={customer()}",
                        "from anywhere": lambda: f"?before={event()}"}.items():
        yield "/api/alerts", name, lambda query=query: "/api/alerts" + query()
    for part in ("", "/history"):
        yield "/api/alerts/{id}" + part, "", lambda part=part: f"/api/alerts/{chosen.choice(cases)}{part}"
    for path in STREAMED:
        yield path, "its first part", lambda path=path: f"{path}?format={chosen.choice(['csv', 'ndjson'])}"


def scoring(client):
    """The endpoints that read by POST: (path, what is special, function that gives the body)."""
    ids = [user["customerid"] for user in json.loads(client.get("/api/watchlist?limit=200")[0])["users"]]
    return [("/api/score", "one", lambda: {"customer_id": random.choice(ids)}),
            ("/api/score", "100", lambda: {"customer_ids": ids[:100]}),
            ("/api/simulate", "", lambda: {"customer_id": random.choice(ids)})]


class Load:
    """Events at a rate, and a churnd that writes them beside the one that is asked."""

    def __init__(self, options, database, folder, bundle):
        self.topic = Topic(os.environ["CHURN_TEST_KAFKA_BROKERS"])
        self.database = database
        shared = ["--postgres-url", database.url, "--kafka-brokers", self.topic.brokers, "--kafka-topic",
                  self.topic.name, "--kafka-group", self.topic.name]
        self.writer = Churnd(["run", "--role", "process", "--auth", "none", "--http-port", str(free_port()),
                              "--model", str(bundle), *shared], folder / "writer.log")
        # More than are wanted: the feed ends with the measurement. Few large batches, for the test broker looks
        # through all that it stores for each one that it hands out.
        self.feed = Churnd(["simulate", "--count", str(2 * options.rate * options.load), "--rate", str(options.rate),
                            "--seed", "1", "--kafka-settings", "linger.ms=250,batch.num.messages=10000", *shared],
                           folder / "feed.log")

    def wait_written(self, count):
        wait_until(lambda: self.written() > count or not self.writer.is_running, 120, "events are being written")
        if not self.writer.is_running:
            raise SystemExit("the churnd that writes has ended")

    def written(self):
        return self.database.value("SELECT coalesce(sum(next_offset), 0)::bigint FROM stream_positions")

    def stop(self):
        for process in (self.feed, self.writer):
            process.stop()
        self.topic.delete()


def report(label, times, allowed):
    times.sort()
    p50, p99 = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    late = " OVER" if p99 > allowed else ""
    print(f"{label:<66} p50 {p50:8.2f}  p99 {p99:8.2f}  max {times[-1]:8.2f}{late}", flush=True)
    return f"{label} ({p99:.1f} ms)" if late else None


def resident(churnd):
    """The process's memory, in MB."""
    lines = pathlib.Path(f"/proc/{churnd.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


def jobs_of(client, predictions):
    """(path, label, function that asks) for every read endpoint; fails where the served document names another."""
    jobs = [(path, name, lambda make=make: (make(), None)) for path, name, make in questions(client, predictions)]
    jobs += [(path, name, lambda path=path, make=make: (path, json.dumps(make())))
             for path, name, make in scoring(client)]
    asked = {path for path, _, _ in jobs}
    paths = json.loads(client.get("/openapi.json")[0])["paths"]
    missing = [path for path, item in paths.items() if path.startswith("/api/") and "get" in item and path not in asked]
    if missing:
        raise SystemExit(f"not asked for: {', '.join(missing)}")
    return [(path, f"{path}{', ' if name else ''}{name}", lambda make=make: client.get(*make())[1])
            for path, name, make in jobs]


def measure(port, predictions, rounds):
    """Asks every endpoint; returns what was too slow."""
    late = []
    for path, label, ask in jobs_of(Client(port), predictions):
        for _ in range(10):
            ask()
        late.append(report(label, [ask() for _ in range(rounds)], ALLOWED.get(path, 20.0)))
    return [each for each in late if each]


def measure_under_load(port, predictions, options, load, churnd):
    """Asks every endpoint in turns for as long as the load lasts; returns what was too slow."""
    jobs = jobs_of(Client(port), predictions)
    times = {label: [] for _, label, _ in jobs}
    start, written, memory = time.monotonic(), load.written(), resident(churnd)
    minute = 0
    while (passed := time.monotonic() - start) < options.load:
        if passed >= 60 * minute:
            minute += 1
            print(f"{passed:4.0f} s: {load.written() - written:,} events written, churnd holds {resident(churnd)} MB",
                  flush=True)
        for _, label, ask in jobs:
            times[label].append(ask())
    rate = (load.written() - written) / (time.monotonic() - start)
    print(f"{rate:,.0f} events/s written, {sum(map(len, times.values())):,} questions; churnd held {memory} MB at first "
          f"and {resident(churnd)} MB at last", flush=True)
    late = [report(label, taken, 10.0) for label, taken in times.items()]
    if rate < 0.95 * options.rate:
        late.append(f"the load was not written at {options.rate:,}/s")
    return [each for each in late if each]


def at_size(predictions, options, server, folder, bundle):
    database, load = Database(server), None
    try:
        run_churnd("migrate", "--postgres-url", database.url)
        start = time.monotonic()
        subprocess.run(["psql", "-q", "-v", f"predictions={predictions}", "-f",
                        str(ROOT / "Benchmarks" / "customers.sql"), database.url], check=True, stdin=subprocess.DEVNULL)
        print(f"{predictions} predictions of {predictions // 10} customers, filled in "
              f"{time.monotonic() - start:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
        port = free_port()
        churnd = Churnd(["run", "--role", "serve", "--auth", "none", "--http-port", str(port), "--model", str(bundle),
                         "--postgres-url", database.url, "--http-requests-per-second", "1000000",
                         "--http-requests-per-second-per-address", "1000000"], folder / "churnd.log")
        try:
            wait_until(lambda: is_ready(port) or not churnd.is_running, 300, "churnd is ready")
            if not churnd.is_running:
                raise SystemExit((folder / "churnd.log").read_text()[-2000:])
            print(f"churnd holds {resident(churnd)} MB", flush=True)
            if not options.load:
                return measure(port, predictions, options.rounds)
            load = Load(options, database, folder, bundle)
            load.wait_written(10 * options.rate)
            return measure_under_load(port, predictions, options, load, churnd)
        finally:
            churnd.stop()
            if load:
                load.stop()
    finally:
        database.drop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--load", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("predictions", type=int, nargs="*", default=[10_000, 1_000_000, 10_000_000])
    options = parser.parse_args()
    server = os.environ.get("CHURN_TEST_POSTGRES_URL")
    if not server:
        raise SystemExit("CHURN_TEST_POSTGRES_URL is not set: run Benchmarks/endpoints.sh")
    # The client's own pauses would be taken for the server's.
    gc.disable()
    late = {}
    with tempfile.TemporaryDirectory(prefix="churn-endpoints.") as name:
        folder = pathlib.Path(name)
        bundle, _ = train_bundle(folder)
        for predictions in options.predictions:
            late[predictions] = at_size(predictions, options, server, folder, bundle)
    for predictions, names in late.items():
        print(f"{predictions}: " + ("nothing was too slow" if not names else "too slow: " + "; ".join(names)))
    print(f"load {os.getloadavg()}, {os.cpu_count()} cores, {CHURND}")


if __name__ == "__main__":
    main()
