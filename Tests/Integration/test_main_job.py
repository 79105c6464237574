"""The main job on real parts: events in Kafka become logged scores and frames, each once."""

import json
import os
import signal

from bad_records import event
from harness import Topic, run_churnd
from reader import UpdateReader
from recount import compare_users, fold_topic, load_customers

COUNT = int(os.environ.get("CHURN_TEST_EVENTS", "20000"))


def run_main_job(system, count, *start_arguments):
    process = system.start(*start_arguments)
    reader = UpdateReader(process.url).start()
    reader.wait_connected()
    system.simulate(count)
    system.wait_events(count)
    assert reader.wait_count(count, 60) == count, f"{reader.count} updates of {count}; {reader.faults}"
    assert process.stop() == 0, system.tail()
    reader.stop()
    assert reader.faults == []
    assert reader.repeats == 0
    assert system.events() == count
    assert system.database.value("SELECT count(*) FROM predictions") == count
    assert system.database.value("SELECT count(*) FROM dead_letters") == 0
    expected = fold_topic(load_customers(system.customers), system.topic.read(count))
    with system.database.connect() as database:
        assert compare_users(database, expected) == []


def test_every_event_becomes_one_row_one_score_and_one_frame(new_system):
    run_main_job(new_system(), COUNT)


def test_the_telco_customers_pass_the_same_line(new_system, telco, tmp_path):
    bundle = tmp_path / "telco-model"
    run_churnd("train", str(telco), "--output", str(bundle), "--seed", "1")
    system = new_system(customers=telco, bundle=bundle)
    assert system.database.value("SELECT count(*) FROM users") == 7043
    assert system.database.value("SELECT count(*) FROM users WHERE totalcharges IS NULL") == 11
    run_main_job(system, COUNT, *system.assign())


def test_a_deployment_may_be_stopped_and_started_again(new_system):
    system = new_system()
    process = system.start(*system.assign())
    system.simulate(4000, "--rate", "0")
    system.wait_events(1000)
    assert process.stop() == 0, system.tail()
    process = system.start(*system.assign())
    system.wait_events(4000)
    process.signal(signal.SIGINT)
    assert process.process.wait(25) == 0
    assert system.events() == 4000


def test_scoring_everyone_scores_each_customer_once(new_system):
    system = new_system()
    run_churnd("score", *system.postgres, "--model", system.arguments[-1])
    count = system.database.value("SELECT count(*) FROM users")
    assert system.database.value("SELECT count(*) FROM predictions") == count
    assert system.database.value("SELECT count(*) FROM users WHERE churn_probability IS NULL") == 0
    assert system.events() == 0


def test_updates_and_dead_letters_are_copied_to_topics(new_system):
    system = new_system(partitions=1)
    updates, letters = Topic(system.topic.brokers, 1), Topic(system.topic.brokers, 1)
    try:
        user = next(iter(load_customers(system.customers)))
        process = system.start(
            *system.assign(), "--kafka-updates-topic", updates.name, "--kafka-dead-letter-topic", letters.name)
        system.topic.produce([(user.encode(), event("", user), 0), (b"nobody", event("", "nobody"), 0)] * 5)
        system.wait_events(5)
        copied = [json.loads(value) for value in updates.read(5)[0]]
        assert [frame["payload"]["number"] for frame in copied] == [0, 2, 4, 6, 8]
        assert letters.read(5)[0] == [event("", "nobody")] * 5
        assert process.stop() == 0, system.tail()
    finally:
        updates.delete()
        letters.delete()
