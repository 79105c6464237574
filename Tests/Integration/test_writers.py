"""Several writers of one database: no lock order of their own, and "newest" means the time, whoever wrote.

With CHURN_TEST_WRITERS=long the rates are those of a release build (CHURND): 30 runs of `churnd score` beside
20,000 events a second, and two processes beside one over 120,000 events without keys.
"""

import datetime
import json
import os
import time
import urllib.parse
import urllib.request

import pytest

from harness import Churnd, run_churnd, wait_until
from recount import compare_users, fold_log, load_customers

IS_LONG = os.environ.get("CHURN_TEST_WRITERS") == "long"
QUICK_GROUP = ["--kafka-session-timeout-ms", "6000"]


def deadlocks(system):
    """As the server counts them, which it does at once; its log says no more."""
    return system.database.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def score(system, **options):
    return run_churnd("score", *system.postgres, "--model", system.arguments[-1], **options)


def slow_down(system):
    """Has every third update of `users` take a millisecond, as a disk might: locks are held long enough to meet."""
    if IS_LONG:
        return
    with system.database.connect() as database:
        database.execute("""
            CREATE FUNCTION wait_now_and_then() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF random() < 0.3 THEN PERFORM pg_sleep(0.0005); END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER wait_now_and_then BEFORE UPDATE ON users
                FOR EACH ROW EXECUTE FUNCTION wait_now_and_then()""")


def check_equal_to_log(system, count):
    assert system.events() == count
    with system.database.connect() as database:
        expected, problems = fold_log(load_customers(system.customers), database)
        assert problems == []
        assert compare_users(database, expected) == []


def test_rescoring_beside_a_pipeline_always_ends_well(new_system):
    system = new_system()
    slow_down(system)
    process = system.start(*system.assign(), "--role", "process")
    runs, rate, count = (30, 20_000, 5_000_000) if IS_LONG else (5, 0, 200_000)
    feed = Churnd(["simulate", "--count", str(count), "--rate", str(rate), *system.arguments], system.folder / "feed.log")
    system.processes.append(feed)
    system.wait_events(1_000)
    failed = []
    for number in range(runs):
        before = system.events()
        done = score(system, check=False)
        assert system.events() > before, f"the pipeline was idle during run {number}"
        if done.returncode != 0:
            failed.append(f"run {number}: status {done.returncode}: {done.stderr.strip()[-400:]}")
    assert failed == [], f"{len(failed)} of {runs} runs failed\n" + "\n".join(failed)
    assert deadlocks(system) == 0
    feed.kill()
    assert process.stop() == 0, system.tail()


def seconds_of(system, processes, count):
    """How long this number of processes takes from the first event to the last."""
    system.simulate(count, "--unkeyed", "--partitions", "4")
    partitions = range(system.topic.partitions)
    running = [
        system.start("--kafka-assign", ",".join(str(each) for each in partitions if each % processes == number),
                     "--role", "process", *([] if IS_LONG else ["--batch-size", "500"]), name=f"process{number}", serve=False) for number in range(processes)]
    wait_until(lambda: system.events() > 0, 60, "the first event")
    begin, first = time.monotonic(), system.events()
    system.wait_events(count)
    seconds = (time.monotonic() - begin) * count / (count - first)
    for number, process in enumerate(running):
        assert process.stop() == 0, system.tail(f"process{number}")
    return seconds


def test_two_processes_over_unkeyed_events_wait_for_each_other_in_one_order(new_system):
    count = 120_000 if IS_LONG else 30_000
    two = new_system()
    slow_down(two)
    seconds = seconds_of(two, 2, count)
    assert deadlocks(two) == 0
    check_equal_to_log(two, count)
    if IS_LONG:
        alone = seconds_of(new_system(), 1, count)
        print(f"two processes {count / seconds:,.0f} events/s, one alone {count / alone:,.0f}, {alone / seconds:.2f}")
        assert alone / seconds >= 0.8


class Customers:
    """Events of single customers by name, each in a partition that the test chooses."""

    def __init__(self, system, server):
        self.system, self.server = system, server
        score(system)
        with system.database.connect() as database:
            # Of those with a high score every event is an alert.
            self.ids = [row[0] for row in database.execute(
                "SELECT customerid FROM users ORDER BY churn_probability DESC, customerid LIMIT 10")]
        self.sent = 0
        # One time for all of them, so that only the order of writing can distinguish them.
        self.time = datetime.datetime.now(datetime.timezone.utc).isoformat()

    def send(self, name, partitions, count=1):
        """One event (or more) named `name` for the customer of each partition; waits until they are in the log."""
        records = []
        for partition in partitions:
            user = self.ids[partition]
            value = json.dumps({"event_type": "x", "user_id": user, "details": name, "timestamp": self.time}).encode()
            records += [(user.encode(), value, partition)] * count
        self.system.topic.produce(records)
        self.sent += len(records)
        self.system.wait_events(self.sent)
        time.sleep(1.5)  # so that what comes next is later by any clock

    def get(self, path):
        with urllib.request.urlopen(self.server.http + path, timeout=10) as answer:
            body = json.loads(answer.read())
        return body

    def names(self, rows):
        found = rows if isinstance(rows, list) else next(value for value in rows.values() if isinstance(value, list))
        return [(row.get("event_data") or {}).get("details") for row in found]

    def check_newest(self, name, partitions):
        """The newest of every list are the events of this name."""
        count = len(partitions)
        assert self.names(self.get(f"/api/events/history?limit={count}")) == [name] * count
        alerts = self.get(f"/api/churn-alerts-history?limit={count}")
        alerts = alerts if isinstance(alerts, list) else next(v for v in alerts.values() if isinstance(v, list))
        users = {self.ids[partition] for partition in partitions}
        assert {row.get("user_id") or row.get("customer_id") for row in alerts} == users
        for partition in partitions:
            user = urllib.parse.quote(self.ids[partition])
            for path in (f"/api/customer/{user}/timeline?limit=1", f"/api/customer/{user}"):
                rows = self.get(path)
                newest = self.names(rows if "timeline" in path else rows["recent_events"])[0]
                assert newest == name, f"{path}: {newest} stands before {name}"


def test_the_newest_events_are_those_that_were_written_last(new_system):
    """One of two processes draws numbers a hundred times as fast."""
    system = new_system(partitions=2)
    server = system.start("--role", "serve", name="server")
    customers = Customers(system, server)
    for partition in range(2):
        system.start("--kafka-assign", str(partition), "--role", "process", name=f"process{partition}")
    for number in range(3):
        customers.send(f"slow {number}", [0])
        customers.check_newest(f"slow {number}", [0])
        customers.send(f"fast {number}", [1], count=100)
        customers.check_newest(f"fast {number}", [1])


def test_the_newest_events_stay_the_newest_after_a_rebalance(new_system):
    system = new_system(partitions=4)
    server = system.start("--role", "serve", name="server")
    customers = Customers(system, server)
    both = range(4)
    system.start(*QUICK_GROUP, "--role", "process", name="first")
    customers.send("before", both)
    second = system.start(*QUICK_GROUP, "--role", "process", name="second")
    customers.send("between", both)
    customers.check_newest("between", both)
    assert second.stop() == 0, system.tail("second")
    customers.send("after", both)
    customers.check_newest("after", both)


@pytest.mark.parametrize("limit", [7])
def test_pages_of_events_hold_each_event_once_in_the_order_of_writing(new_system, limit):
    """What a reader pages through while two processes write is there once, and times never run backwards."""
    system = new_system(partitions=2)
    server = system.start("--role", "serve", name="server")
    customers = Customers(system, server)
    for partition in range(2):
        system.start("--kafka-assign", str(partition), "--role", "process", name=f"process{partition}")
    for number in range(4):
        customers.send(f"slow {number}", [0])
        customers.send(f"fast {number}", [1], count=20)
    seen, before = [], None
    while True:
        page = customers.get(f"/api/events/history?limit={limit}" + (f"&before={before}" if before else ""))
        rows = page if isinstance(page, list) else next(value for value in page.values() if isinstance(value, list))
        if not rows:
            break
        seen += [row["event_id"] for row in rows]
        before = page.get("next_before", rows[-1]["event_id"]) if isinstance(page, dict) else rows[-1]["event_id"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == customers.sent
    with system.database.connect() as database:
        written = dict(database.execute("SELECT event_id, recorded_at FROM events").fetchall())
    times = [written[number] for number in seen]
    backwards = [index for index in range(1, len(times)) if (times[index] - times[index - 1]).total_seconds() > 1]
    assert backwards == [], f"{len(backwards)} times run backwards by more than a second"
