"""A short form of chaos.py: kills of churnd, a stop of PostgreSQL, equal to an undisturbed run."""

import os
import shutil

import chaos
from harness import required


def test_killed_processes_lose_and_double_nothing(customers, bundle, tmp_path):
    server_folder = os.environ.get("CHURN_TEST_POSTGRES_DIR")
    cuts = 1 if os.geteuid() == 0 and shutil.which("ss") else 0
    if not cuts:
        print("not run: cutting the broker's connections needs root and ss")
    done, reader = chaos.run(
        required("CHURN_TEST_POSTGRES_URL"), required("CHURN_TEST_KAFKA_BROKERS"), bundle, customers, tmp_path,
        kills=8, group_kills=1, postgres_kills=1 if server_folder else 0, broker_cuts=cuts, count=20_000, seed=3,
        postgres_folder=server_folder)
    assert done.total_kills() == 8
    assert all(done.kills.values()), f"each kind of kill happened: {done.kills}"
    assert reader.count == 20_000
