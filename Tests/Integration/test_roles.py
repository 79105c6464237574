"""Several processes in one group: partitions move, zombies wake, and every event still counts once."""

import signal
import time

from reader import UpdateReader
from recount import compare_users, fold_log, fold_topic, load_customers

GROUP = ["--kafka-session-timeout-ms", "6000", "--role", "process", "--batch-size", "100"]


def check_equal(system, count, keyed=True):
    assert system.events() == count
    assert system.database.value("SELECT count(*) FROM predictions") == count
    with system.database.connect() as database:
        if keyed:
            expected = fold_topic(load_customers(system.customers), system.topic.read(count))
        else:
            expected, problems = fold_log(load_customers(system.customers), database)
            assert problems == []
        assert compare_users(database, expected) == []


def test_killing_one_of_two_processes_moves_its_partitions(new_system):
    system = new_system()
    server = system.start("--role", "serve", name="server")
    reader = UpdateReader(server.url).start()
    reader.wait_connected()
    # It has nothing to read again, and goes on.
    server.signal(signal.SIGHUP)
    first = system.start(*GROUP, name="first")
    second = system.start(*GROUP, name="second")
    system.simulate(6_000, rate=1_500, seed=1)
    system.wait_events(6_000)
    first.kill()
    system.simulate(6_000, rate=1_500, seed=2)
    system.wait_events(12_000)
    assert second.stop() == 0, system.tail("second")
    assert reader.wait_count(12_000, 30) == 12_000, reader.faults
    assert server.stop() == 0
    reader.stop()
    assert reader.faults == []
    check_equal(system, 12_000)


def test_a_process_that_slept_past_its_session_changes_nothing_that_is_not_its_own(new_system):
    system = new_system()
    first = system.start(*GROUP, name="first")
    system.simulate(2_000, seed=1)
    system.wait_events(2_000)
    first.signal(signal.SIGSTOP)
    second = system.start(*GROUP, name="second", serve=False)
    system.simulate(4_000, rate=2_000, seed=2)
    system.wait_events(6_000)
    first.signal(signal.SIGCONT)
    system.simulate(4_000, rate=2_000, seed=3)
    system.wait_events(10_000)
    time.sleep(1)
    assert first.stop() == 0, system.tail("first")
    assert second.stop() == 0, system.tail("second")
    check_equal(system, 10_000)


def test_two_processes_over_unkeyed_events_lose_no_effect(new_system):
    system = new_system()
    first = system.start(*GROUP, name="first")
    second = system.start(*GROUP, name="second")
    system.simulate(10_000, "--unkeyed", seed=1)
    system.wait_events(10_000)
    assert first.stop() == 0, system.tail("first")
    assert second.stop() == 0, system.tail("second")
    check_equal(system, 10_000, keyed=False)
