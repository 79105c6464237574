"""A process that serves from a hot standby, on which nothing can be written."""

import time
import urllib.request

import pytest

from harness import System, is_ready, required
from standby import Pair


@pytest.fixture
def pair():
    made = Pair()
    yield made
    made.close()


def test_a_standby_is_served_from_and_written_to_by_no_one(pair, customers, bundle, tmp_path):
    system = System(pair.url, required("CHURN_TEST_KAFKA_BROKERS"), bundle, customers, tmp_path)
    try:
        process = system.start(*system.assign(), "--role", "process", name="process")
        system.simulate(500)
        system.wait_events(500)
        pair.add_standby()
        place = system.arguments.index("--postgres-url") + 1
        system.arguments[place] = f"postgres://churn@127.0.0.1:{pair.standby.port}/{system.database.name}"
        server = system.start("--role", "serve", name="server")
        assert server.is_running, system.tail("server")
        # Longer than it takes to keep what cannot be kept here.
        for _ in range(10):
            assert is_ready(server.port), system.tail("server")
            time.sleep(0.5)
        for path in ("dashboard-kpis", "watchlist", "alerts", "events/history"):
            with urllib.request.urlopen(f"{server.http}/api/{path}", timeout=10) as answer:
                assert answer.status == 200, path
        assert "connected to PostgreSQL again" not in system.tail("server", 1000)
        assert server.stop() == 0, system.tail("server")
        assert process.stop() == 0, system.tail("process")
    finally:
        system.close()
