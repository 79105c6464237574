"""One run of canary.py: unique texts go through everything and turn up only where they may."""

import json

import canary
from harness import required


def test_no_secret_and_no_payload_stands_in_logs_errors_or_metrics(customers, bundle, tmp_path):
    figures, found = canary.run(
        required("CHURN_TEST_POSTGRES_URL"), required("CHURN_TEST_KAFKA_BROKERS"), bundle, customers, tmp_path)
    print(json.dumps(figures))
    assert found == [], "\n".join(found[:20])
    assert figures["shown"] > 40, "what may be shown was not: the canaries did not get through"
    assert figures["log_bytes"] > 10_000
    assert {200, 400, 401, 403, 404, 405, 413, 415, 421} <= set(figures["statuses"])
