"""Topics that change under the stored positions: remade, cut short, grown, or read by the group before.

The broker is the small one of Scripts/small-broker.sh, which can add partitions, delete records and refuse an offset
outside the log; its group protocol stalls under the cooperative assignor, so partitions are assigned or the assignor is
eager. That a partition without a leader, or a coordinator that moves, changes nothing here is left to librdkafka's mock
cluster (Tests/ChurnKafkaTests).
"""

import json
import urllib.error
import urllib.request

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import NewPartitions

from bad_records import event
from harness import run_churnd, wait_until
from recount import apply, compare_users, load_customers

ASSIGNED = ["--kafka-assign", "all"]
GROUPED = ["--kafka-assignor", "eager", "--kafka-session-timeout-ms", "6000"]
SOON = ["--kafka-settings", "topic.metadata.refresh.interval.ms=1000"]


class Stream:
    """A system on the small broker with one customer for each partition, and what was sent for them."""

    def __init__(self, system):
        self.system = system
        self.users = list(load_customers(system.customers))
        self.sent = {}

    def send(self, partition, count):
        user = self.users[partition]
        self.system.topic.produce([(user.encode(), event("", user), partition)] * count)
        self.sent[user] = self.sent.get(user, 0) + count

    def forget(self, partition, count):
        """These were sent, but no process may ever have read them."""
        self.sent[self.users[partition]] -= count

    def check(self):
        """What was sent counts once, in the log and in the customers."""
        assert self.system.events() == sum(self.sent.values())
        expected = load_customers(self.system.customers)
        for user, count in self.sent.items():
            for _ in range(count):
                apply("monthly_anniversary", expected[user])
        with self.system.database.connect() as database:
            assert compare_users(database, expected) == []

    def in_partition(self, partition):
        return self.system.database.value(
            f"SELECT count(*) FROM event_log WHERE partition = {partition} AND event_type IS NOT NULL")

    def position(self, partition):
        return self.system.database.value(
            "SELECT max(next_offset) FROM stream_positions p JOIN streams s USING (stream_id) "
            f"WHERE s.epoch = p.epoch AND p.partition = {partition}")


@pytest.fixture
def stream(new_system, small_broker):
    return Stream(new_system(brokers=small_broker, partitions=2))


def readiness(process):
    """Status of /health/ready and what it says of the source."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{process.port}/health/ready", timeout=2) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    except OSError:
        return None, ""
    return status, json.dumps(json.loads(body))


def wait_stopped(system, process, *words):
    """The process is not ready, names what is wrong with the position, and the command that fixes it."""
    wait_until(lambda: "churnd offsets reset" in readiness(process)[1], 40, f"a stopped partition\n{system.tail()}")
    status, text = readiness(process)
    assert status == 503, text
    for word in words:
        assert word in text, text
    assert process.is_running


def reset(system, to):
    return run_churnd("offsets", "reset", "--to", to, "--execute", *system.arguments).stdout


@pytest.mark.parametrize("is_running", [False, True], ids=["while stopped", "while running"])
def test_a_topic_that_was_made_anew_is_not_mixed_with_its_earlier_life(stream, is_running):
    system = stream.system
    process = system.start(*ASSIGNED, *SOON)
    stream.send(0, 40)
    stream.send(1, 40)
    system.wait_events(80)
    if not is_running:
        assert process.stop() == 0, system.tail()
    system.topic.delete()
    system.topic.create()
    stream.send(0, 5)
    stream.send(1, 5)
    if not is_running:
        process = system.start(*ASSIGNED, *SOON, serve=False)
    wait_stopped(system, process, "partition 0", "partition 1", "outside its log")
    assert system.events() == 80
    assert "goes on in epoch 1" in reset(system, "earliest")
    system.wait_events(90)
    wait_until(lambda: readiness(process)[0] == 200, 20, "ready again")
    assert process.stop() == 0, system.tail()
    stream.check()
    shown = run_churnd("offsets", "show", *system.postgres).stdout
    assert "epoch 0 (old)" in shown and "epoch 1 " in shown, shown


def test_a_position_above_the_log_stops_its_partition_only(stream):
    system = stream.system
    process = system.start(*ASSIGNED)
    stream.send(0, 10)
    stream.send(1, 10)
    system.wait_events(20)
    assert process.stop() == 0, system.tail()
    with system.database.connect() as database:
        database.execute("UPDATE stream_positions SET next_offset = 1000 WHERE partition = 0")
    stream.send(0, 5)
    stream.send(1, 5)
    process = system.start(*ASSIGNED, serve=False)
    wait_until(lambda: stream.in_partition(1) == 15, 30, "the other partition goes on")
    wait_stopped(system, process, "partition 0 stands at offset 1000, outside its log (0..<15)")
    assert stream.in_partition(0) == 10
    reset(system, "latest")
    wait_until(lambda: readiness(process)[0] == 200, 20, "ready again")
    stream.send(0, 5)
    system.wait_events(30)
    assert process.stop() == 0, system.tail()
    stream.forget(0, 5)
    stream.check()


def test_what_retention_destroyed_is_recorded_as_a_gap(stream):
    system = stream.system
    process = system.start(*ASSIGNED)
    stream.send(0, 10)
    stream.send(1, 10)
    system.wait_events(20)
    assert process.stop() == 0, system.tail()
    stream.send(0, 20)
    stream.send(1, 20)
    for future in system.topic.admin.delete_records([TopicPartition(system.topic.name, 0, 25)]).values():
        future.result(20)
    process = system.start(*ASSIGNED, serve=False)
    wait_until(lambda: stream.in_partition(1) == 30, 30, "the other partition goes on")
    wait_stopped(
        system, process, "partition 0 stands at offset 10, but its log (25..<30) no longer reaches back",
        "15 records were destroyed unread")
    with urllib.request.urlopen(f"http://127.0.0.1:{process.port}/metrics", timeout=5) as answer:
        metrics = answer.read().decode()
    assert "churn_source_gap_offsets_total 15" in metrics, metrics
    assert stream.in_partition(0) == 10
    assert "partition 0: 25 (15 records" in reset(system, "stored")
    system.wait_events(45)
    assert process.stop() == 0, system.tail()
    assert "records were destroyed before they were read" in system.tail(lines=10_000)
    stream.forget(0, 15)
    stream.check()


@pytest.mark.parametrize("membership", [ASSIGNED, GROUPED], ids=["assigned", "group"])
def test_a_partition_added_later_starts_at_its_beginning(stream, membership):
    system = stream.system
    latest = ["--kafka-auto-offset-reset", "latest", *SOON]
    process = system.start(*membership, *latest)
    wait_until(lambda: stream.position(0) == 0 and stream.position(1) == 0, 30, "the first positions are pinned")
    stream.send(0, 5)
    system.wait_events(5)
    add_partition(system, 3)
    stream.send(2, 10)
    system.wait_events(15, seconds=60)
    assert process.stop() == 0, system.tail()
    add_partition(system, 4)
    stream.send(3, 10)
    process = system.start(*membership, *latest)
    system.wait_events(25)
    assert process.stop() == 0, system.tail()
    stream.check()


def add_partition(system, count):
    for future in system.topic.admin.create_partitions([NewPartitions(system.topic.name, count)]).values():
        future.result(20)


@pytest.mark.parametrize("membership", [ASSIGNED, GROUPED], ids=["assigned", "group"])
def test_a_first_start_goes_on_from_the_groups_commit_and_later_ones_do_not(stream, membership):
    system = stream.system
    stream.send(0, 30)
    stream.send(1, 30)
    commit(system, {0: 20, 1: 0})
    process = system.start(*membership)
    system.wait_events(40)
    assert process.stop() == 0, system.tail()
    stream.forget(0, 20)
    first = "SELECT min(stream_offset) FROM event_log WHERE event_type IS NOT NULL AND partition = 0"
    assert system.database.value(first) == 20
    commit(system, {0: 0, 1: 0})
    stream.send(0, 5)
    process = system.start(*membership)
    system.wait_events(45)
    assert process.stop() == 0, system.tail()
    stream.check()


def commit(system, offsets):
    """Commits as an earlier member of the group would have."""
    consumer = Consumer({"bootstrap.servers": system.topic.brokers, "group.id": system.topic.name,
                         "enable.auto.commit": False})
    places = [TopicPartition(system.topic.name, number, offset) for number, offset in offsets.items()]
    consumer.commit(offsets=places, asynchronous=False)
    consumer.close()
