"""One bad record never stops the stream, and is never lost."""

import os
import signal

from bad_records import bad_records, event
from harness import Churnd, run_churnd, wait_until
from recount import load_customers


def letters(system, status):
    return system.database.value(f"SELECT count(*) FROM dead_letters WHERE status = '{status}'")


def test_each_bad_record_becomes_a_dead_letter_with_its_reason(new_system):
    system = new_system(partitions=1)
    user = next(iter(load_customers(system.customers)))
    bad = bad_records(user)
    assert len(bad) >= 30
    records = []
    for _, key, value in bad:
        records += [(user.encode(), event("", user), 0), (key, value, 0)]
    system.topic.produce(records)
    process = system.start(*system.assign())
    system.wait_events(len(bad))
    assert process.stop() == 0, system.tail()
    assert system.events() == len(bad)
    with system.database.connect() as database:
        rows = database.execute(
            "SELECT stream_offset, record_value, record_key, code, reason FROM dead_letters ORDER BY stream_offset"
        ).fetchall()
    assert [row[0] for row in rows] == [2 * index + 1 for index in range(len(bad))]
    for (name, key, value), (_, stored_value, stored_key, code, reason) in zip(bad, rows):
        assert stored_value == value and stored_key == key, f"{name}: the record was not kept as it came"
        assert code and len(reason) > 15, f"{name}: {code} {reason}"
    shown = run_churnd("dead-letters", "list", *system.postgres).stdout
    assert "unknown_customer" in shown and "unstorable_text" in shown


def test_a_dead_letter_is_applied_once_after_its_cause_was_mended(new_system, tmp_path):
    system = new_system(partitions=1)
    count = 200
    newcomers = [f"9999-N{number:04d}" for number in range(count)]
    system.topic.produce([(name.encode(), event("", name), 0) for name in newcomers])
    process = system.start(*system.assign(), "--pipeline-unknown-customer-limit", "1")
    wait_until(lambda: letters(system, "open") == count, 60, "the unknown customers are dead letters")
    assert process.stop() == 0

    still_bad = run_churnd("dead-letters", "retry", *system.arguments)
    assert letters(system, "open") == count and system.events() == 0, still_bad.stdout
    assert system.database.value("SELECT min(attempts) FROM dead_letters") == 2

    lines = system.customers.read_text().splitlines()
    newcomer_file = tmp_path / "newcomers.csv"
    rows = [",".join([name] + line.split(",")[1:]) for name, line in zip(newcomers, lines[1:])]
    newcomer_file.write_text("\n".join([lines[0]] + rows) + "\n")
    before = load_customers(newcomer_file)
    run_churnd("import", str(newcomer_file), "--leavers", "keep", *system.postgres)
    for failpoint in ("before-commit:1", "after-commit:1", "before-publish:1"):
        killed = Churnd(
            ["dead-letters", "retry", "--batch-size", "20", *system.arguments], tmp_path / "retry.log",
            {"CHURN_FAILPOINT": failpoint})
        assert killed.process.wait(60) == -signal.SIGKILL
    run_churnd("dead-letters", "retry", *system.arguments)
    assert letters(system, "open") == 0 and letters(system, "done") == count
    assert system.events() == count
    with system.database.connect() as database:
        for name, tenure in database.execute("SELECT customerid, tenure FROM users WHERE customerid LIKE '9999-N%'"):
            assert tenure == (before[name]["tenure"] or 0) + 1, name
    run_churnd("dead-letters", "retry", *system.arguments)
    assert system.events() == count


def test_no_payload_and_no_secret_stands_in_the_logs(new_system):
    system = new_system(partitions=1)
    canary = "canary-" + os.urandom(8).hex()
    user = next(iter(load_customers(system.customers)))
    system.topic.produce([
        (user.encode(), event(f',"details":"{canary}"', user), 0),
        (user.encode(), event(f',"details":"{canary}","timestamp":1e300', user), 0),
        (canary.encode(), event("", canary), 0),
    ])
    process = system.start(*system.assign(), "--log-level", "trace", environment={"PGPASSWORD": canary})
    system.wait_events(1)
    assert process.stop() == 0
    assert canary not in system.tail(lines=1_000_000)
