"""Starts the system's processes against real servers, and ends only what it started."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import uuid

import psycopg
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHURND = os.environ.get("CHURND", str(ROOT / ".build" / "debug" / "churnd"))


def required(name):
    """What the environment says of a server that `make test` started."""
    value = os.environ.get(name)
    assert value, f"{name} is not set: run these tests through `make test`, which starts the servers"
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Polls until the condition holds; fails with `what` otherwise."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class Database:
    """A database of its own on the test server."""

    def __init__(self, server_url, template=None):
        self.server_url = server_url
        self.name = "churn_" + uuid.uuid4().hex[:12]
        with psycopg.connect(server_url, autocommit=True) as server:
            copied = f"TEMPLATE {template} STRATEGY file_copy" if template else ""
            server.execute(f"CREATE DATABASE {self.name} {copied}")
        base, _, rest = server_url.rpartition("/")
        _, mark, parameters = rest.partition("?")
        self.url = f"{base}/{self.name}{mark}{parameters}"

    def connect(self):
        return psycopg.connect(self.url, autocommit=True)

    def value(self, query):
        with self.connect() as database:
            return database.execute(query).fetchone()[0]

    def drop(self):
        with psycopg.connect(self.server_url, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class Topic:
    """A topic of its own on the test broker."""

    def __init__(self, brokers, partitions=4):
        self.brokers = brokers
        self.partitions = partitions
        self.name = "churn-" + uuid.uuid4().hex[:12]
        self.admin = AdminClient({"bootstrap.servers": brokers})
        self.create()

    def create(self):
        for future in self.admin.create_topics([NewTopic(self.name, self.partitions, 1)]).values():
            future.result(20)

    def delete(self):
        for future in self.admin.delete_topics([self.name]).values():
            try:
                future.result(20)
            except Exception as error:  # the broker dies with the tests, and its topics with it
                print("topic not deleted:", str(error)[:80])

    def produce(self, records):
        """Puts (key, value, partition or None) records on the topic."""
        producer = Producer({"bootstrap.servers": self.brokers, "message.max.bytes": 8_000_000})
        for key, value, partition in records:
            arguments = {} if partition is None else {"partition": partition}
            producer.produce(self.name, key=key, value=value, **arguments)
            producer.poll(0)
        assert producer.flush(60) == 0, "the broker did not take all records"

    def read(self, count, seconds=60):
        """All values by partition, in order, as the broker holds them."""
        consumer = Consumer({"bootstrap.servers": self.brokers, "group.id": uuid.uuid4().hex,
                             "auto.offset.reset": "earliest", "enable.auto.commit": False})
        consumer.assign([TopicPartition(self.name, number, 0) for number in range(self.partitions)])
        partitions = {number: [] for number in range(self.partitions)}
        end = time.monotonic() + seconds
        total = 0
        while total < count and time.monotonic() < end:
            for message in consumer.consume(1000, 0.5):
                if message.error() is None:
                    partitions[message.partition()].append(message.value())
                    total += 1
        consumer.close()
        assert total == count, f"the topic holds {total} records, {count} were expected"
        return partitions


class Churnd:
    """One churnd process."""

    def __init__(self, arguments, log, environment=None, binary=None, folder=None):
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [binary or CHURND, *arguments], stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})}, cwd=folder)

    @property
    def is_running(self):
        return self.process.poll() is None

    def signal(self, number):
        if self.is_running:
            self.process.send_signal(number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self, seconds=25):
        """Ends the process as an operator would; returns its exit status."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"churnd did not end within {seconds} s of SIGTERM")
        finally:
            self.log.close()


def run_churnd(*arguments, environment=None, seconds=300, check=True):
    """Runs a subcommand to its end and returns what it printed."""
    done = subprocess.run(
        [CHURND, *arguments], capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})})
    if check:
        assert done.returncode == 0, f"churnd {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def start_demo(folder, *extra, environment=None):
    """A demo of its own on a free port, ready; its log is demo.log in the folder."""
    port = free_port()
    demo = Churnd(["demo", "--http-port", str(port), *extra], pathlib.Path(folder) / "demo.log", environment)
    demo.port, demo.http, demo.url = port, f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/ws/updates"
    wait_until(lambda: is_ready(port) or not demo.is_running, 180, "the demo is ready")
    assert demo.is_running, (pathlib.Path(folder) / "demo.log").read_text()[-2000:]
    return demo


def train_bundle(folder, count=1000):
    """A small customer base that is always the same, and a model of it: their paths in the folder."""
    customers, bundle = pathlib.Path(folder) / "customers.csv", pathlib.Path(folder) / "bundle"
    run_churnd("population", "--count", str(count), "--seed", "11", "--output", str(customers))
    run_churnd("train", str(customers), "--output", str(bundle), "--seed", "1")
    return bundle, customers


class System:
    """A migrated database with customers, a topic, a model, and the arguments that every process shares."""

    def __init__(self, server_url, brokers, bundle, customers, folder, partitions=4):
        self.database = Database(server_url)
        self.topic = Topic(brokers, partitions)
        self.customers = customers
        self.folder = pathlib.Path(folder)
        self.processes = []
        self.arguments = ["--postgres-url", self.database.url, "--kafka-brokers", brokers, "--kafka-topic",
                          self.topic.name, "--kafka-group", self.topic.name, "--model", str(bundle)]
        self.postgres = ["--postgres-url", self.database.url]
        run_churnd("migrate", *self.postgres)
        run_churnd("import", str(customers), "--leavers", "keep", *self.postgres)

    def start(self, *extra, name="churnd", environment=None, serve=True):
        port = free_port()
        arguments = ["run", *self.arguments, "--auth", "none", "--http-port", str(port), *extra]
        process = Churnd(arguments, self.folder / f"{name}.log", environment)
        process.port = port
        process.url = f"ws://127.0.0.1:{port}/ws/updates"
        process.http = f"http://127.0.0.1:{port}"
        self.processes.append(process)
        if serve:
            wait_until(lambda: is_ready(port) or not process.is_running, 60, f"{name} is ready")
        return process

    def assign(self):
        return ["--kafka-assign", ",".join(str(number) for number in range(self.topic.partitions))]

    def simulate(self, count, *extra, seed=7, rate=0):
        run_churnd("simulate", "--count", str(count), "--seed", str(seed), "--rate", str(rate), *self.arguments, *extra)

    def events(self):
        return self.database.value("SELECT count(*) FROM events")

    def wait_events(self, count, seconds=120):
        wait_until(lambda: self.events() >= count, seconds, f"{count} events in the table")

    def tail(self, name="churnd", lines=40):
        path = self.folder / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

    def close(self):
        for process in self.processes:
            if process.is_running:
                process.kill()
        self.topic.delete()
        self.database.drop()


@contextlib.contextmanager
def trained_system(purpose):
    """A system of its own in a folder of its own, on the servers that the environment names; both end with the block."""
    with tempfile.TemporaryDirectory(prefix=f"churn-{purpose}.") as folder:
        bundle, customers = train_bundle(folder)
        system = System(required("CHURN_TEST_POSTGRES_URL"), required("CHURN_TEST_KAFKA_BROKERS"), bundle, customers,
                        folder)
        try:
            yield system
        finally:
            system.close()
