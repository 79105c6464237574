"""Fixtures: the servers that `make test` started, one trained model, and a fresh system for each test."""

import os
import pathlib
import subprocess

import pytest

from harness import ROOT, System, required, run_churnd


@pytest.fixture(scope="session")
def customers(tmp_path_factory):
    """The simulator's customer base as a file."""
    path = tmp_path_factory.mktemp("customers") / "customers.csv"
    run_churnd("population", "--count", "3000", "--seed", "11", "--output", str(path))
    return path


@pytest.fixture(scope="session")
def bundle(customers, tmp_path_factory):
    """A model trained by our own command."""
    path = tmp_path_factory.mktemp("model") / "bundle"
    run_churnd("train", str(customers), "--output", str(path), "--seed", "1")
    return path


@pytest.fixture(scope="session")
def small_broker(tmp_path_factory):
    """The second broker, for small tests of what the first one cannot do."""
    script = str(ROOT / "Scripts" / "small-broker.sh")
    started = subprocess.run(
        [script, "start", "0", "--data", str(tmp_path_factory.mktemp("broker"))], check=True, stdout=subprocess.PIPE,
        text=True, stdin=subprocess.DEVNULL)
    process, address = started.stdout.split()
    yield address
    subprocess.run([script, "stop", process], check=True)


@pytest.fixture
def new_system(customers, bundle, tmp_path):
    """Makes systems that are torn down after the test."""
    made = []

    def make(**options):
        folder = tmp_path / f"system{len(made)}"
        folder.mkdir()
        system = System(
            required("CHURN_TEST_POSTGRES_URL"), options.pop("brokers", None) or required("CHURN_TEST_KAFKA_BROKERS"),
            options.pop("bundle", bundle), options.pop("customers", customers), folder, **options)
        made.append(system)
        return system

    yield make
    for system in made:
        system.close()


@pytest.fixture(scope="session")
def telco():
    """The public Telco customers, where they are at hand."""
    path = os.environ.get("CHURN_TELCO_CSV")
    if not path or not pathlib.Path(path).exists():
        pytest.skip("the Telco customers are not at hand; set CHURN_TELCO_CSV to their CSV file")
    return pathlib.Path(path)
