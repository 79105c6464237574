"""The life of models on real parts: reload under load, the registry, a canary, a challenger, outcomes."""

import json
import os
import re
import signal
import threading
import time
import urllib.request

import pytest

from harness import ROOT, run_churnd, wait_until

EVENTS = int(os.environ.get("CHURN_TEST_RELOAD_EVENTS", "12000"))
SWAPS = int(os.environ.get("CHURN_TEST_RELOAD_SWAPS", "12"))
RATE = int(os.environ.get("CHURN_TEST_RELOAD_RATE", "2000"))


@pytest.fixture(scope="session")
def challenger(customers, tmp_path_factory):
    """Another model of the same customers."""
    path = tmp_path_factory.mktemp("model") / "challenger"
    run_churnd("train", str(customers), "--output", str(path), "--seed", "2")
    return path


def metric(process, name, label=""):
    """The sum of a metric's samples."""
    with urllib.request.urlopen(f"{process.http}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines
               if re.match(rf"{name}(_total)?(\{{|\s)", line) and label in line)


def get(process, path):
    with urllib.request.urlopen(f"{process.http}{path}", timeout=10) as answer:
        return json.load(answer)


def turn(link, target):
    """Lets a link point elsewhere, in one step."""
    draft = link.with_name(link.name + ".draft")
    draft.symlink_to(target)
    draft.replace(link)


def percentiles(system, spans):
    """Median and p99 of the time from a record to its row, in milliseconds, of rows written in these spans; how many."""
    with system.database.connect() as database:
        return database.execute(
            """SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
                   ORDER BY extract(epoch FROM recorded_at - record_time) * 1000), count(*)
               FROM event_log JOIN unnest(%s::float8[], %s::float8[]) AS span (start, finish)
                   ON recorded_at BETWEEN to_timestamp(start) AND to_timestamp(finish)""",
            ([start for start, _ in spans], [end for _, end in spans])).fetchone()


def test_swaps_under_load_mix_no_batch_and_lose_nothing(new_system, bundle, challenger, tmp_path):
    """Half of the time without swaps, half of the time with them, in turns, so that both see the same machine."""
    link = tmp_path / "current"
    link.symlink_to(bundle)
    system = new_system(bundle=link)
    process = system.start(*system.assign())
    system.simulate(2000, rate=RATE)
    system.wait_events(2000)
    # How long a reload takes depends on the machine; the events have to last for longer than several.
    start = time.time()
    for swaps, target in enumerate((challenger, bundle), 1):
        turn(link, target)
        process.signal(signal.SIGHUP)
        wait_until(lambda: metric(process, "churn_model_reloads", 'outcome="swapped"') >= swaps, 60, "a swap")
    events = EVENTS + int(4 * RATE * (time.time() - start))

    sender = threading.Thread(target=system.simulate, args=(events,), kwargs={"rate": RATE, "seed": 8})
    sender.start()
    # Windows before the first event would show nothing.
    system.wait_events(2001)
    began = time.time()
    windows = 10
    window = events / RATE / windows
    spans = {False: [], True: []}
    per_window = max(1, SWAPS // (windows // 2))
    for number in range(windows):
        swapping = number % 2 == 1
        start = time.time()
        for step in range(per_window):
            if swapping:
                swaps += 1
                turn(link, challenger if swaps % 2 else bundle)
                process.signal(signal.SIGHUP)
            # Asked for in both kinds of window, so that the question's cost is in both.
            wait_until(lambda: metric(process, "churn_model_reloads", 'outcome="swapped"') >= swaps, 20, "a swap")
            time.sleep(max(0.0, start + window * (step + 1) / per_window - time.time()))
        time.sleep(max(0.0, began + window * (number + 1) - time.time()))
        spans[swapping].append((start, time.time()))
    sender.join()
    system.wait_events(2000 + events, 300)
    assert metric(process, "churn_model_reloads", 'outcome="swapped"') == swaps
    assert swaps >= SWAPS // (windows // 2) * (windows // 2)
    assert process.stop() == 0, system.tail()
    # A transaction is a batch.
    assert system.database.value("SELECT count(*) FROM predictions") == 2000 + events
    assert system.database.value("SELECT count(DISTINCT model_version) FROM predictions") == 2
    mixed = "SELECT count(*) FROM (SELECT 1 FROM event_log GROUP BY xmin::text HAVING count(DISTINCT model_id) > 1) t"
    assert system.database.value(mixed) == 0
    batches = system.database.value("SELECT count(DISTINCT xmin::text) FROM event_log")
    changes = """SELECT count(*) FROM (SELECT model_id, lag(model_id) OVER (ORDER BY event_id) AS before
                 FROM event_log) t WHERE model_id <> before"""
    print(f"\n{events} events at {RATE}/s, {swaps} swaps, {batches} batches,"
          f" {system.database.value(changes)} changes of model in the log")
    usual = {}
    for swapping in (False, True):
        for part in [[span] for span in spans[swapping]] + [spans[swapping]]:
            found, count = percentiles(system, part)
            # A sender that starts late leaves its first window empty.
            times = f"p50 {found[0]:.1f} ms, p99 {found[1]:.1f} ms" if found else "no times"
            name = "all windows" if len(part) > 1 else "a window"
            print(f"{name} {'with' if swapping else 'without'} swaps: {times}, {count} events")
        usual[swapping] = found[1]
    ratio = usual[True] / usual[False]
    print(f"p99 with swaps is {ratio:.2f} times that without")
    # A long run on a quiet machine says how much is allowed; a short one among other tests cannot judge it.
    allowed = os.environ.get("CHURN_TEST_RELOAD_RATIO")
    assert allowed is None or ratio <= float(allowed), f"more than {allowed} times"


def test_a_wrong_bundle_is_refused_and_the_old_one_serves_on(new_system, bundle, challenger, tmp_path):
    link = tmp_path / "current"
    link.symlink_to(bundle)
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for file in challenger.iterdir():
        data = file.read_bytes()
        (damaged / file.name).write_bytes(data[:-10] if file.name.startswith("booster") else data)
    system = new_system(bundle=link)
    process = system.start(*system.assign())
    version = get(process, "/api/models")["models"][0]["version"]
    turn(link, damaged)
    process.signal(signal.SIGHUP)
    wait_until(lambda: metric(process, "churn_model_reloads", 'outcome="refused"') == 1, 20, "a refusal")
    health = get(process, "/health/ready")
    assert health["status"] == "ready"
    assert health["components"]["model"]["status"] == "degraded"
    assert "SHA-256" in health["components"]["model"]["advice"]
    system.simulate(1000)
    system.wait_events(1000)
    assert system.database.value("SELECT min(model_version) FROM predictions") == version
    assert system.database.value("SELECT max(model_version) FROM predictions") == version
    assert process.stop() == 0, system.tail()


def test_the_registry_is_followed_from_promotion_to_rollback(new_system, bundle, challenger, tmp_path):
    system = new_system()
    environment = {"CHURN_MODELS_SOURCE": "registry", "CHURN_MODELS_POLL_SECONDS": "1"}

    def models(*arguments):
        return run_churnd("models", *arguments, *system.postgres).stdout

    first = models("register", str(bundle)).split()[-1]
    second = models("register", str(challenger)).split()[-1]
    assert first != second
    process = system.start(*system.assign(), environment=environment, serve=False)
    system.simulate(500)
    wait_until(lambda: metric_or_zero(process, "churn_retry") > 0, 30, "the pipeline waits for a model")
    assert system.events() == 0
    models("promote", first)
    system.wait_events(500)
    models("challenge", second, "--canary", "20")
    wait_until(lambda: [m["role"] for m in get(process, "/api/models")["models"] if m["status"] == "serving"]
               == ["champion", "challenger"], 20, "the challenger is loaded")
    system.simulate(4000, seed=9)
    system.wait_events(4500)
    with system.database.connect() as database:
        counts = dict(database.execute(
            "SELECT model_version, count(DISTINCT user_id) FROM predictions WHERE prediction_id >"
            " (SELECT max(prediction_id) - 4000 FROM predictions) GROUP BY 1").fetchall())
    share = counts[second] / (counts[first] + counts[second])
    assert 0.16 < share < 0.24, counts
    models("promote", second)
    wait_until(lambda: get(process, "/api/models")["models"][0]["version"] == second, 20, "the promotion is followed")
    models("rollback")
    wait_until(lambda: get(process, "/api/models")["models"][0]["version"] == first, 20, "the rollback is followed")
    with system.database.connect() as database:
        actions = [row[0] for row in database.execute(
            "SELECT action FROM audit_log ORDER BY entry_id").fetchall()]
        churned = tmp_path / "outcomes.csv"
        rows = database.execute("SELECT customerid, churn_probability FROM users WHERE churn_probability IS NOT NULL"
                                ).fetchall()
    assert actions == ["model.registered", "model.registered", "model.promoted", "model.challenged", "model.promoted",
                       "model.rolled-back"]
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    for version in (first, second):
        refused = run_churnd("models", "delete", version, *system.postgres, check=False)
        assert refused.returncode != 0
        assert "champion" in refused.stderr if version == first else "scores" in refused.stderr, refused.stderr
    churned.write_text("customer_id,churned,date\n" + "".join(
        f"{customer},{'yes' if probability > 0.5 else 'no'},{now}\n" for customer, probability in rows))
    assert f"read {len(rows)} outcomes, {len(rows)} of them new" in run_churnd(
        "outcomes", "import", str(churned), *system.postgres).stdout
    models("promote", second, "--rescore")
    wait_until(lambda: (get(process, "/api/models/rescore")["run"] or {}).get("ended_at"), 60, "everyone is scored")
    run = get(process, "/api/models/rescore")["run"]
    assert run["reason"] is None and run["model_version"] == second and run["done"] > 0
    assert get(process, f"/api/customer/{rows[0][0]}")["scored_by"] == second
    ahead = tmp_path / "ahead.csv"
    ahead.write_text(f"customer_id,churned,date\n{rows[0][0]},yes,2999-01-01\n")
    refused = run_churnd("outcomes", "import", str(ahead), *system.postgres, check=False)
    assert refused.returncode != 0 and "future" in refused.stderr, refused.stderr
    old = tmp_path / "old.csv"
    old.write_text(f"customer_id,churned,date\n{rows[0][0]},yes,2001-01-01\n")
    assert "older than 30 days" in run_churnd("outcomes", "import", str(old), *system.postgres).stderr
    assert process.stop() == 0, system.tail()
    report = run_churnd("models", "health", "--models-source", "registry", *system.postgres).stdout
    print(report)
    assert first in report and second in report
    assert "PSI" in report
    assert "Outcomes judged: " in report and "not judged: 1 older than" in report
    assert system.database.value("SELECT count(*) FROM shadow_scores") > 0
    assert system.database.value("SELECT count(*) FROM model_counts WHERE series LIKE 'shadow:%'") > 0


def test_outcomes_that_events_report_are_recorded_once_and_judge_the_model(new_system, tmp_path):
    """Through a kill: the outcome is in the transaction of its event. Its own score, which knows it, does not count."""
    telco = (ROOT / "Examples" / "Domains" / "telco.yaml").read_text()
    assert "\nevents:\n" in telco
    domain = tmp_path / "domain.yaml"
    # Whoever ends looks safe afterwards: were those scores judged, the model would be wrong about every customer.
    domain.write_text(telco.replace("\nevents:\n", """
events:
  - {type: contract_ended, churned: true, set: {Contract: Two year, tenure: 72}}
  - {type: contract_renewed, churned: false, set: {Contract: Month-to-month, tenure: 1}}
""", 1))
    system = new_system()
    run = ["--domain", str(domain), *system.assign()]
    process = system.start(*run)
    system.simulate(2000)
    system.wait_events(2000)
    with system.database.connect() as database:
        rows = database.execute(
            "SELECT customerid, churn_probability FROM users WHERE churn_probability IS NOT NULL").fetchall()
    median = sorted(probability for _, probability in rows)[len(rows) // 2]
    records = [(customer, json.dumps({"user_id": customer, "event_id": f"end-{customer}", "event_type":
                "contract_ended" if probability > median else "contract_renewed"}), None)
               for customer, probability in rows]
    half = len(records) // 2
    system.topic.produce(records[:half])
    wait_until(lambda: system.database.value("SELECT count(*) FROM outcomes") > 0, 60, "the first outcomes")
    process.kill()
    # Duplicates add nothing new.
    system.topic.produce(records[half:] + records[:50])
    process = system.start(*run)
    system.wait_events(2000 + len(records) + 50)
    assert system.database.value("SELECT count(*) FROM outcomes") == len(records)
    assert system.database.value(
        "SELECT count(*) FROM outcomes o JOIN event_log l USING (event_id) WHERE l.user_id = o.user_id"
        " AND l.event_timestamp = o.occurred_at AND o.has_churned = (l.event_type = 'contract_ended')") == len(records)
    assert process.stop() == 0, system.tail()
    process = system.start(*run)
    model = get(process, "/api/model-health")["models"][0]
    assert model["outcomes"] == len(records)
    assert model["auc"] == 1
    # Whoever has left is in no figure, and on no list.
    left = system.database.value("SELECT count(*) FROM users WHERE churn_left_at IS NOT NULL")
    assert left == sum("contract_ended" in record[1] for record in records)
    here = system.database.value("SELECT count(*) FROM users") - left
    assert get(process, "/api/dashboard-kpis")["total_active_customers"] == here
    assert get(process, "/api/watchlist")["total_users"] == here
    gone = system.database.value("SELECT customerid FROM users WHERE churn_left_at IS NOT NULL LIMIT 1")
    assert get(process, f"/api/customer/{gone}")["details"]["left_at"] is not None
    assert process.stop() == 0, system.tail()


def metric_or_zero(process, name):
    try:
        return metric(process, name)
    except OSError:
        return 0
