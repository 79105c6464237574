"""One side beside another in turns, over the same backlog: churnd and the tuned Python baseline, or two binaries.

    python Benchmarks/steady.py steady --baseline DIR --telco FILE          the hard case, beside Python
    python Benchmarks/steady.py easy --against BINARY --baseline DIR ...    two binaries over few customers

`steady` has 1,000,000 customers, skewed activity, an id on every event and runs for minutes, so that checkpoints,
vacuum and pruning fall into it; `easy` has 200,000 events over the Telco customers and none of that. Needs a server
(CHURN_TEST_POSTGRES_URL) on this machine and a broker; Scripts/bench.sh starts both and sets the server up as
Docs/postgresql.md says. Each turn begins on a newly copied or emptied database, after a checkpoint.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import tempfile
import time
import uuid

from baseline import ROOT, Baseline
from harness import run_churnd
from measuring import Sampler, Server, Window
from sides import OurSide, PythonSide, train

CASES = {
    "steady": {"customers": 1_000_000, "events": 8_000_000, "pairs": 1, "width": 10, "prune": 60, "rate": 5_000},
    "easy": {"customers": 0, "events": 200_000, "pairs": 5, "width": 10, "prune": 0, "rate": 0},
}


def documented_statements():
    """The statements for single tables that Docs/postgresql.md gives."""
    text = (ROOT / "Docs" / "postgresql.md").read_text(encoding="utf-8")
    return [statement.strip() for block in re.findall(r"```sql\n(.*?)```", text, re.S)
            for statement in block.split(";") if statement.strip()]


class Comparison:
    def __init__(self, options, folder):
        self.options, self.folder = options, pathlib.Path(folder)
        self.baseline = Baseline(options.baseline, options.telco, folder)
        self.customers = options.telco
        if options.customers:
            self.customers = str(self.folder / "customers.csv")
            run_churnd("population", "--count", str(options.customers), "--seed", "1", "--output", self.customers)
        self.sides = []
        model = train(os.environ["CHURND"], options.telco, self.folder)
        # Python's first: it loads the customers that the feed draws from.
        python = PythonSide(self.baseline, self.customers, options.case == "steady")
        binaries = {"churnd": os.environ["CHURND"]}
        if options.against:
            binaries = {"new": os.environ["CHURND"], "old": options.against}
        statements = documented_statements() if options.case == "steady" else []
        for name, binary in binaries.items():
            self.sides.append(OurSide(name, binary, model, self.customers, statements, options.prune))
        if not options.against and not options.alone:
            self.sides.append(python)
        self.python = python
        self.connection = self.baseline.database.connect()
        self.server = Server(self.connection)
        self.topic = "bench-" + uuid.uuid4().hex[:8]

    def feed(self):
        count = self.produced = self.options.events
        if self.options.case == "easy":
            self.baseline.call("produce.py", count, TOPIC=self.topic)
        else:
            self.baseline.call("steady_feed.py", TOPIC=self.topic, N=str(count))
        print(f"{count:,} events of {self.options.customers or 'the Telco'} customers are on the topic", flush=True)

    def measure(self, side, number):
        """One turn; returns its figures."""
        with side.turn(self.topic, self.folder) as turn:
            sampler = Sampler(self.server, turn.connection, turn.processes, turn.progress)
            samples = sampler.follow(self.produced, self.options.limit, self.options.width, self.say(side.name))
            latency = self.latency(turn) if self.options.rate else {}
            # They stay on the topic: the next turn's backlog is longer by them.
            self.produced += latency.get("sent", 0)
            stored = turn.stored()
        assert stored == self.produced, f"{side.name} stored {stored} of {self.produced} events"
        figures = {**summary(samples), **{name: value for name, value in latency.items() if name.endswith("_ms")}}
        print(f"turn {number + 1}, {side.name}: {json.dumps(figures)}", flush=True)
        return figures

    def say(self, name):
        def report(window, first):
            end = window.end
            print(f"{name:>7} {end['time'] - first['time']:5.0f} s {window.rate:9,.0f}/s   "
                  f"cpu/event {window.microseconds():5.1f} us, backends {window.microseconds('backends'):5.1f} us   "
                  f"WAL {window.per_event('wal'):5.0f} B, disk {window.per_event('bytes'):5.0f} B an event   "
                  f"RSS {end['resident'] / 2 ** 20:5.0f} MiB   dead users {end['dead']:8,}   "
                  f"checkpoints {end['checkpoints'] - first['checkpoints']}", flush=True)
        return report

    def latency(self, turn):
        turn.wait_ready()
        time.sleep(5)  # what is still being read or written of the backlog
        return json.loads(self.baseline.call(ROOT / "Benchmarks" / "paced.py", turn.url, self.options.rate,
                                             self.options.seconds, TOPIC=self.topic))

    def run(self):
        self.feed()
        found = {side.name: [] for side in self.sides}
        for number in range(self.options.pairs):
            for side in self.sides if number % 2 == 0 else reversed(self.sides):
                found[side.name].append(self.measure(side, number))
        compare(found)

    def close(self):
        self.connection.close()
        for side in {*self.sides, self.python}:
            side.close()


def summary(samples):
    """The figures of a whole turn."""
    whole = Window(samples[0], samples[-1])
    kinds = {kind: round(whole.microseconds(kind), 2) for kind in samples[-1]["server"]}
    first, last = (minute(samples, True), minute(samples, False))
    return {
        "events_per_s": round(whole.rate, 1), "seconds": round(whole.seconds, 2),
        "cpu_us": round(whole.microseconds(), 2), "server_us": {kind: each for kind, each in kinds.items() if each},
        "wal_bytes": round(whole.per_event("wal")), "disk_bytes": round(whole.per_event("bytes")),
        "rss_mib": round(max(sample["resident"] for sample in samples) / 2 ** 20),
        "dead_users": max(sample["dead"] for sample in samples),
        "hot_share": round(whole.hot_share, 3), "vacuums": samples[-1]["vacuums"] - samples[0]["vacuums"],
        "checkpoints": samples[-1]["checkpoints"] - samples[0]["checkpoints"],
        "last_minute_to_first": round(last.rate / first.rate, 3) if first and last else None}


def minute(samples, is_first):
    """The window of the first or the last minute; nothing where the turn is shorter than two."""
    begin, end = samples[0]["time"], samples[-1]["time"]
    if end - begin < 120:
        return None
    if is_first:
        return Window(samples[0], next(sample for sample in samples if sample["time"] >= begin + 60))
    return Window(next(sample for sample in reversed(samples) if sample["time"] <= end - 60), samples[-1])


def compare(found):
    names = list(found)
    for name in names:
        median = {key: statistics.median(each[key] for each in found[name])
                  for key in ("events_per_s", "cpu_us", "wal_bytes", "disk_bytes", "rss_mib")}
        backends = statistics.median(each["server_us"]["backends"] for each in found[name])
        print(f"{name}, median of {len(found[name])}: {median['events_per_s']:,.0f} events/s; processor time an event "
              f"{median['cpu_us']:.1f} us of its own and {backends:.1f} us of PostgreSQL's backends; "
              f"{median['wal_bytes']:.0f} B of WAL and {median['disk_bytes']:.0f} B of disk an event; "
              f"{median['rss_mib']:.0f} MiB", flush=True)
    if len(names) == 2:
        ratios = [a["events_per_s"] / b["events_per_s"] for a, b in zip(found[names[0]], found[names[1]])]
        print(f"{names[0]} to {names[1]}: {statistics.median(ratios):.2f} times the rate "
              f"({min(ratios):.2f} to {max(ratios):.2f})", flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", choices=list(CASES))
    parser.add_argument("--baseline", required=True)
    parser.add_argument("--telco", required=True)
    parser.add_argument("--against", metavar="BINARY", help="another churnd, in place of Python")
    parser.add_argument("--alone", action="store_true", help="measure churnd alone")
    parser.add_argument("--customers", type=int, help="simulated ones; 0 for the Telco customers")
    parser.add_argument("--events", type=int)
    parser.add_argument("--pairs", type=int)
    parser.add_argument("--width", type=float, help="seconds of a line")
    parser.add_argument("--prune", type=float, help="delete updates older than this many seconds meanwhile; 0 for none")
    parser.add_argument("--rate", type=int, help="events a second for the latency; 0 leaves it out")
    parser.add_argument("--seconds", type=int, default=30, help="how long the latency is measured")
    parser.add_argument("--limit", type=int, default=3600, help="seconds that one turn may take")
    options = parser.parse_args()
    for name, value in CASES[options.case].items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    options.telco = os.path.abspath(options.telco)
    if options.against:
        options.against = os.path.abspath(options.against)
    return options


def main():
    options = parse()
    with tempfile.TemporaryDirectory(prefix="churn-bench-") as folder:
        comparison = Comparison(options, folder)
        try:
            comparison.run()
        finally:
            comparison.close()


if __name__ == "__main__":
    main()
