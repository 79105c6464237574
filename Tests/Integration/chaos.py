"""Kills processes and servers during a run, and shows that nothing was lost or counted twice.

    python chaos.py --kills 50 --postgres-kills 5 --broker-cuts 5 --count 100000

A kill counts only if rows were written since the last one and backlog is left. Half of the kills happen at named
failpoints. "Equal to an undisturbed run" means: keyed input, one model, rows joined on stream position; probability
bits, versions, alerts and feature values are compared, serial numbers and times are left out.
"""

import argparse
import os
import pathlib
import random
import subprocess
import tempfile
import time

import psycopg

from harness import Churnd, System, is_ready, run_churnd, wait_until
from reader import UpdateReader
from recount import compare_users, dump_log, dump_users, fold_topic, load_customers

ROOT = pathlib.Path(__file__).resolve().parents[2]
FAILPOINTS = ("before-commit", "after-commit", "before-publish")


class Chaos:
    def __init__(self, system, count, seed):
        self.system = system
        self.count = count
        self.random = random.Random(seed)
        self.kills = {"random": 0, **{name: 0 for name in FAILPOINTS}}

    def events(self):
        try:
            return self.system.events()
        except psycopg.OperationalError:
            return None

    def start(self, group, failpoint=None):
        environment = {"CHURN_FAILPOINT": failpoint} if failpoint else {}
        placement = [] if group else self.system.assign()
        return self.system.start(
            "--role", "process", "--batch-size", "100", *placement, name="processor", environment=environment,
            serve=False)

    def kill_once(self, group):
        """One cycle: start, let it write, kill it at a failpoint or at a random instant."""
        at_failpoint = (self.kills["random"] > sum(self.kills[name] for name in FAILPOINTS))
        name = min(FAILPOINTS, key=lambda each: self.kills[each]) if at_failpoint else None
        before = self.events()
        process = self.start(group, f"{name}:{self.random.randint(2, 6)}" if name else None)
        limit = time.monotonic() + (40 if group else 20)
        if name:
            while process.is_running and time.monotonic() < limit:
                time.sleep(0.01)
        else:
            while self.events() <= before and process.is_running and time.monotonic() < limit:
                time.sleep(0.005)
            time.sleep(self.random.uniform(0, 0.03))
        process.kill()
        now = self.events()
        if now > before and now < self.count:
            self.kills[name or "random"] += 1
            return True
        return False

    def total_kills(self):
        return sum(self.kills.values())


def disturbed_run(chaos, kills, group_kills, postgres, postgres_kills, broker, broker_cuts):
    system = chaos.system
    server = system.start("--role", "serve", name="server")
    reader = UpdateReader(server.url).start()
    reader.wait_connected()
    attempts = 0
    while chaos.total_kills() < kills:
        group = chaos.total_kills() < group_kills
        if not chaos.kill_once(group):
            attempts += 1
            assert attempts <= kills, f"too many kills did not count; {chaos.kills}\n{system.tail('processor')}"
        if chaos.total_kills() % 7 == 3:
            server.kill()
            server = restart_server(system, server, reader)
    for number in range(postgres_kills):
        process = chaos.start(group=False)
        before = chaos.events()
        wait_until(lambda: chaos.events() > before, 60, f"progress before stop {number} of PostgreSQL")
        postgres_stop(postgres)
        time.sleep(0.2)
        postgres_start(postgres)
        wait_until(lambda: chaos.events() is not None, 60, "PostgreSQL is back")
        resumed = chaos.events()
        assert resumed < chaos.count, "no backlog was left when PostgreSQL was stopped; raise --count"
        wait_until(lambda: chaos.events() > resumed, 90, "the process goes on by itself after PostgreSQL came back")
        process.kill()
    for number in range(broker_cuts):
        process = chaos.start(group=False)
        before = chaos.events()
        wait_until(lambda: chaos.events() > before, 60, f"progress before cut {number}")
        cut(broker)
        cut_at = chaos.events()
        assert cut_at < chaos.count, "no backlog was left when the broker's connections were cut; raise --count"
        wait_until(lambda: chaos.events() > cut_at, 90, "the process goes on by itself after the cut")
        process.kill()
    return server, reader


def restart_server(system, old, reader):
    """Starts the serving process again on the same port, so that the reader resumes."""
    port = old.port
    process = Churnd(
        ["run", *system.arguments, "--auth", "none", "--role", "serve", "--http-port", str(port)], system.folder / "server.log")
    process.port, process.url = port, old.url
    system.processes.append(process)
    wait_until(lambda: is_ready(port), 60, "the server is back")
    return process


def postgres_stop(folder):
    subprocess.run([ROOT / "Scripts" / "postgres.sh", "immediate", folder], check=True, stdout=subprocess.DEVNULL)


def postgres_start(folder):
    subprocess.run([ROOT / "Scripts" / "postgres.sh", "start", folder], check=True, stdout=subprocess.DEVNULL)


def cut(broker):
    """Cuts every connection to the broker (needs root)."""
    port = broker.rpartition(":")[2]
    subprocess.run(["ss", "-K", "dport", "=", port], check=True, stdout=subprocess.DEVNULL)


def finish(chaos, server, reader, reference):
    """Lets the rest through undisturbed and compares everything."""
    system = chaos.system
    process = chaos.start(group=False)
    system.wait_events(chaos.count, 300)
    seen = reader.wait_count(chaos.count, 120)
    assert process.stop() == 0, system.tail("processor")
    assert server.stop() == 0, system.tail("server")
    reader.stop()
    assert reader.faults == [], reader.faults[:5]
    assert seen == chaos.count, f"the reader saw {seen} updates of {chaos.count}"
    assert system.events() == chaos.count
    assert system.database.value("SELECT count(*) FROM predictions") == chaos.count
    with system.database.connect() as database:
        log, users = dump_log(database), dump_users(database)
        expected = fold_topic(load_customers(system.customers), system.topic.read(chaos.count))
        assert compare_users(database, expected) == []
    other_log, other_users = reference
    assert log.keys() == other_log.keys(), "other positions than in the undisturbed run"
    wrong = [position for position in log if log[position] != other_log[position]]
    assert not wrong, f"{len(wrong)} rows differ, first {wrong[0]}: {log[wrong[0]]} {other_log[wrong[0]]}"
    assert users == other_users, "users differ from the undisturbed run"


def undisturbed(system, count):
    """The same topic, folded by one undisturbed process, into a database of its own."""
    process = system.start(*system.assign(), "--role", "process", "--batch-size", "100", name="undisturbed",
                           serve=False)
    system.wait_events(count, 300)
    assert process.stop() == 0
    with system.database.connect() as database:
        return dump_log(database), dump_users(database)


def run(server_url, brokers, bundle, customers, folder, kills, group_kills, postgres_kills, broker_cuts, count, seed,
        postgres_folder=None, cut_brokers=None):
    folder = pathlib.Path(folder)
    systems = []
    try:
        for name in ("reference", "disturbed"):
            (folder / name).mkdir()
            systems.append(System(server_url, brokers, bundle, customers, folder / name))
        calm, wild = systems
        calm.simulate(count, seed=seed)
        reference = undisturbed(calm, count)
        wild.simulate(count, seed=seed)
        chaos = Chaos(wild, count, seed)
        server, reader = disturbed_run(
            chaos, kills, group_kills, postgres_folder, postgres_kills, cut_brokers or brokers, broker_cuts)
        finish(chaos, server, reader, reference)
        return chaos, reader
    finally:
        for system in systems:
            system.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--group-kills", type=int, default=5)
    parser.add_argument("--postgres-kills", type=int, default=5)
    parser.add_argument("--broker-cuts", type=int, default=5)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres-folder", default=os.environ.get("CHURN_TEST_POSTGRES_DIR"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="churn-chaos-") as folder:
        customers = os.path.join(folder, "customers.csv")
        bundle = os.path.join(folder, "bundle")
        run_churnd("population", "--count", "3000", "--seed", "11", "--output", customers)
        run_churnd("train", customers, "--output", bundle, "--seed", "1")
        start = time.monotonic()
        chaos, reader = run(
            os.environ["CHURN_TEST_POSTGRES_URL"], os.environ["CHURN_TEST_KAFKA_BROKERS"], bundle, customers, folder,
            options.kills, options.group_kills, options.postgres_kills, options.broker_cuts, options.count,
            options.seed, options.postgres_folder)
        print(f"{chaos.total_kills()} kills counted ({chaos.kills}), {options.postgres_kills} stops of PostgreSQL, "
              f"{options.broker_cuts} cuts of the broker; {options.count} events, {reader.connections} connections of "
              f"the reader; equal to the undisturbed run; {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
