"""A standby that was behind is promoted during load: nothing that it had is lost, nothing counts twice.

The events that only the old primary knew are read from the topic again, for the positions went back with them. With
CHURN_TEST_FAILOVERS=20 it is done 20 times at 20,000 events a second, for a release build (CHURND), five times in each
database: the copies for the standbys and the test broker's answers become the slower the more events there are.
"""

import os
import time

import pytest
from confluent_kafka import Consumer, TopicPartition

from harness import Churnd, System, is_ready, required, wait_until
from recount import compare_users, fold_topic, load_customers
from standby import Pair

ROUNDS = int(os.environ.get("CHURN_TEST_FAILOVERS", "0"))
PARTS = [min(5, ROUNDS - done) for done in range(0, ROUNDS, 5)] or [0]


@pytest.fixture
def pair():
    made = Pair()
    yield made
    made.close()


def digests(connection, limits):
    """By partition: the last offset up to its limit, and the number and a digest of all rows up to it."""
    found = {}
    with connection as database:
        for partition, limit in limits.items():
            found[partition] = database.execute(
                "SELECT max(stream_offset), count(*), bit_xor(hashtextextended(concat_ws('|', stream_offset, user_id, "
                "event_type, churn_probability, customer_version, is_alert, became_at_risk), 0)) FROM event_log "
                "WHERE event_type IS NOT NULL AND partition = %s AND stream_offset <= %s", (partition, limit)).fetchone()
    return found


def check_kept(system, kept):
    """Whatever the new primary had is there, as it was."""
    if kept:
        now = digests(system.database.connect(), {partition: last for partition, (last, _, _) in kept.items()})
        assert now == kept, f"events that the new primary had are others now: {now}, before {kept}"


def wait_unseen(system):
    """Waits until events are written, and numbers drawn for more, that the standby knows nothing of.

    Where numbers come in blocks, a process goes on with the rest of its block at the new primary, which later gives
    the same block out once more.
    """
    has_blocks = system.database.value("SELECT to_regclass('event_numbers') IS NOT NULL")
    drawn = "SELECT next_event_id FROM event_numbers" if has_blocks else "SELECT max(event_id) FROM event_log"
    before, written = system.database.value(drawn), system.events()
    wait_until(lambda: system.database.value(drawn) > before and system.events() > written, 120,
               "numbers that the standby does not know of")
    return system.events()


def fail_over_during_load(pair, system):
    """Cuts the standby off, lets more events be written, and promotes it; returns what it had."""
    pair.add_standby()
    pair.cut()
    written = wait_unseen(system)
    pair.lose_primary()
    kept = digests(pair.standby.connect(system.database.name), dict.fromkeys(range(system.topic.partitions), 2 ** 62))
    pair.promote()
    count = sum(rows for _, rows, _ in kept.values())
    assert count < written, "the standby had everything: nothing was tried"
    wait_until(lambda: system.events() > count, 60, "the process goes on by itself at the new primary")
    return kept


@pytest.mark.parametrize("rounds", PARTS)
def test_promoting_a_standby_loses_and_doubles_nothing(pair, customers, bundle, tmp_path, rounds):
    system = System(pair.url, required("CHURN_TEST_KAFKA_BROKERS"), bundle, customers, tmp_path)
    try:
        process = system.start(*system.assign(), "--role", "process")
        # The long form's feed lasts for as long as it takes.
        count, rate = (10 ** 9, 20_000) if rounds else (35_000, 0)
        feed = Churnd(["simulate", "--count", str(count), "--rate", str(rate), *system.arguments], tmp_path / "feed.log")
        # It reads the customers once; were it still reading, the first fail-over would end it.
        system.wait_events(2_000)
        kept = {}
        for number in range(max(rounds, 1)):
            begin = time.monotonic()
            found = fail_over_during_load(pair, system)
            check_kept(system, kept)
            kept = found
            print(f"round {number}: on again after {time.monotonic() - begin:.1f} s, {dead_letters(system)} dead letters")
        if rounds:
            feed.kill()
            count = on_topic(system)
        assert feed.process.wait(120) == 0 or rounds
        wait_until(lambda: system.events() + dead_letters(system) >= count, 60 + count / 400, "all events came through")
        assert dead_letters(system) == 0, letters(system)
        assert process.stop() == 0, system.tail()
        check(system, count, kept)
    finally:
        system.close()


def on_topic(system, silence=5):
    """How many records can be read; the test broker's watermark may leave out the last ones."""
    consumer = Consumer({"bootstrap.servers": system.topic.brokers, "group.id": "count", "enable.auto.commit": False})
    consumer.assign([TopicPartition(system.topic.name, number, 0) for number in range(system.topic.partitions)])
    count, last = 0, time.monotonic()
    while time.monotonic() < last + silence:
        messages = [message for message in consumer.consume(1000, 0.5) if message.error() is None]
        if messages:
            count, last = count + len(messages), time.monotonic()
    consumer.close()
    return count


def dead_letters(system):
    return system.database.value("SELECT count(*) FROM dead_letters")


def letters(system):
    with system.database.connect() as database:
        return database.execute("SELECT code, reason, count(*) FROM dead_letters GROUP BY 1, 2 LIMIT 5").fetchall()


def check(system, count, kept):
    assert system.events() == count
    assert system.database.value("SELECT count(DISTINCT (partition, stream_offset)) FROM events") == count
    check_kept(system, kept)
    expected = fold_topic(load_customers(system.customers), system.topic.read(count))
    with system.database.connect() as database:
        assert compare_users(database, expected) == []


def test_sessions_that_began_read_only_are_replaced(new_system):
    """A database that was read-only for a maintenance: whoever connected meanwhile would stay read-only."""
    system = new_system(partitions=1)
    process = system.start(*system.assign())
    system.simulate(50)
    system.wait_events(50)
    with system.database.connect() as database:
        database.execute(f"ALTER DATABASE {system.database.name} SET default_transaction_read_only = on")
        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE datname = current_database() AND pid <> pg_backend_pid()")
        system.simulate(50, seed=2)
        wait_until(lambda: not is_ready(process.port), 20, "the process notices")
        database.execute("SET default_transaction_read_only = off")
        database.execute(f"ALTER DATABASE {system.database.name} RESET default_transaction_read_only")
    wait_until(lambda: system.events() == 100, 20, "the process writes again by itself")
    assert dead_letters(system) == 0
    assert process.stop() == 0, system.tail()
