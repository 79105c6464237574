"""The documents' walk-throughs, typed as they stand there; that of a data scientist with a base full of traps."""

import csv
import re
import json
import urllib.request

import pytest

import trap_base
from harness import Database, Topic, free_port, is_ready, required, run_churnd, wait_until
from walkthrough import Reader, block, blocks


@pytest.fixture
def reader(tmp_path):
    """A reader with an empty database and a topic of their own."""
    database = Database(required("CHURN_TEST_POSTGRES_URL"))
    topic = Topic(required("CHURN_TEST_KAFKA_BROKERS"))
    made = Reader(
        tmp_path, CHURN_POSTGRES_URL=database.url, CHURN_KAFKA_BROKERS=topic.brokers, CHURN_KAFKA_TOPIC=topic.name,
        CHURN_KAFKA_GROUP=topic.name)
    made.database = database
    yield made
    topic.delete()
    database.drop()


def ask(process, path):
    with urllib.request.urlopen(process.http + path, timeout=20) as answer:
        return json.load(answer)


def follow(reader, lines):
    """Types the lines of a block but for the last; returns what each said on standard error, and the last."""
    said = {}
    commands = [line for line in lines if line.strip()]
    for line in commands[:-1]:
        if line.startswith("export "):
            reader.export(line)
        else:
            assert line.startswith("churnd "), line
            said[line.split()[1]] = reader.type(line)[1]
    return said, commands[-1]


def test_from_a_file_full_of_traps_to_the_first_alert(reader):
    left, stayed = trap_base.write(reader.folder / "bank.csv")
    said, last = follow(reader, block("Docs/other-businesses.md", "churnd domain infer bank.csv"))
    remarks = said["domain"]
    assert "label '0' means left: a guess by the column's name" in remarks
    for leak in ("ClosingFee", "SaveDeskCalls", "AccountStatus"):
        assert f"column '{leak}' is left out, since it leaks the label" in remarks
    for date in ("JoinedOn", "LastInvoice", "CreatedAt"):
        assert f"column '{date}' is left out: dates" in remarks
    assert "column 'LastInvoice' has dates of which the first number may be the day or the month" in remarks
    assert "columns 'MonthlyFee' and 'FeeRounded' are equal but for rounding" in remarks
    assert "column 'Country' has both 'France' and 'france'" in remarks
    assert "category of 'Shop' that the domain does not list" in remarks
    domain = (reader.folder / "bank.yaml").read_text()
    assert 'positive: "0", negative: "1"}    # a guess by the column' in domain
    for ignored in ("RowNumber", "TicketCounter", "AccountRef"):
        assert f"  - {ignored}    # " in domain
    assert re.search("{name: UsageShare, .*type: numeric", domain)
    assert "value: MonthlyFee" in domain
    assert "categories: [France, Germany, Spain]" in domain or "categories: [Germany, Spain, france]" in domain
    assert f"{len(left)} customers left by the label; marked as left" in said["import"]
    assert reader.database.value("SELECT count(*) FROM users WHERE churn_left_at IS NULL") == len(stayed)
    assert reader.database.value("SELECT count(*) FROM users WHERE churn_left_at IS NOT NULL") == len(left)

    process = reader.start(last, free_port())
    try:
        wait_until(lambda: is_ready(process.port) or not process.is_running, 60, "churnd is ready")
        wait_until(lambda: ask(process, "/api/churn-alerts-history?limit=500"), 60, "the first alert")
        alerted = {alert["customer_id"] for alert in ask(process, "/api/churn-alerts-history?limit=5000")}
        assert alerted and alerted <= stayed, "someone who left was alerted"
        kpis = ask(process, "/api/dashboard-kpis")
        assert kpis["total_active_customers"] == len(stayed)
        # Most stay: a model of the opposite would say that most leave.
        assert kpis["overall_avg_churn_probability"] < 0.4
    finally:
        assert process.stop() == 0


def test_the_other_file_of_the_same_page(reader):
    with open(reader.folder / "phone.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Intl plan", "Day Charge", "CustServ Calls", "Churn?"])
        for number in range(400):
            writer.writerow([["no", "yes"][number % 9 == 0], f"{number % 61}.5", number % 7, ["False.", "True."][number % 5 == 0]])
    reader.type(block("Docs/other-businesses.md", "churnd domain infer phone.csv")[0])
    assert "row_number" in (reader.folder / "phone.yaml").read_text()


def test_the_first_steps_of_the_readme(reader):
    run_churnd("population", "--count", "1500", "--seed", "3", "--output", str(reader.folder / "customers.csv"))
    lines = block("README.md", "churnd import customers.csv")
    # The build is what made the program that is tested here.
    commands = [line for line in lines if line.startswith("churnd ")]
    # A reader's topic is there already.
    said, last = follow(reader, commands)
    assert set(said) == {"migrate", "import", "train", "check", "keys"}
    assert "left by the label; marked as left" in said["import"]
    process = reader.start(last, free_port())
    try:
        wait_until(lambda: is_ready(process.port) or not process.is_running, 60, "churnd is ready")
    finally:
        assert process.stop() == 0


def test_the_page_about_training(reader):
    customers = reader.folder / "customers.csv"
    run_churnd("population", "--count", "1000", "--seed", "3", "--output", str(customers))
    reader.type("churnd migrate && churnd import customers.csv --leavers keep")
    with open(customers, newline="") as file:
        rows = list(csv.DictReader(file))
    name, label = list(rows[0])[0], list(rows[0])[-1]
    (reader.folder / "left.csv").write_text(
        f"{name},{label}\n" + "".join(f"{row[name]},{row[label]}\n" for row in rows))
    (reader.folder / "folds.csv").write_text("".join(f"{number % 3}\n" for number in range(len(rows))))
    commands = block("Docs/training.md", "churnd train customers.csv --output model")
    assert len(commands) == 3
    for line in commands:
        reader.type(line, seconds=600)
    assert (reader.folder / "model" / "report.md").exists() and (reader.folder / "probabilities.csv").exists()


def test_a_first_file_of_the_page_about_domains(reader):
    trap_base.write(reader.folder / "bank.csv", customers=500)
    reader.type(block("Docs/domain.md", "churnd domain infer bank.csv")[0])
    assert (reader.folder / "bank.yaml").exists()


@pytest.mark.parametrize("form", ["stdin", "substitution", "dash", "fifo"])
def test_a_pipe_is_a_file(reader, form):
    run_churnd("population", "--count", "400", "--seed", "3", "--output", str(reader.folder / "customers.csv"))
    before, path = {
        "stdin": ("cat customers.csv |", "/dev/stdin"), "substitution": ("", "<(cat customers.csv)"),
        "dash": ("cat customers.csv |", "-"), "fifo": ("rm -f p; mkfifo p; cat customers.csv > p &", "p"),
    }[form]
    reader.type("churnd migrate")
    assert "imported " in reader.type(f"{before} churnd import {path} --duplicates last")[0]
    reader.type(f"{before} churnd train {path} --output model --rounds 20")
    assert len(reader.type(f"{before} churnd predict {path} --model model")[0].splitlines()) == 401
    assert "wrote d.yaml" in reader.type(
        f"{before} churnd domain infer {path} --id customerID --label Churn --output d.yaml")[0]


def test_the_extractor_finds_every_kind_of_block():
    assert [len(blocks(page)) > 0 for page in ("README.md", "Docs/training.md", "Docs/other-businesses.md")] == [True] * 3
