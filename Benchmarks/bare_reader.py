"""The broker's own part of the latency: from a record's making to its arrival at a reader that does nothing else.

    python Benchmarks/bare_reader.py BROKERS TOPIC RATE SECONDS

The records, their rate and the reader's settings are those of the latency comparison; no database, no model, no
socket. Whatever is compared on this broker has at least this latency. Prints percentiles as JSON; fails unless every
record came back.
"""

import json
import sys
import threading
import time
import uuid

from confluent_kafka import Consumer, Producer

# Seconds from the assignment to the first record: the first fetch would count otherwise.
SETTLING = 2


def feed(brokers, topic, rate, seconds, state):
    producer = Producer({"bootstrap.servers": brokers, "linger.ms": 0})
    begin = time.time()
    while (now := time.time()) - begin < seconds:
        while state["sent"] < (now - begin) * rate:
            value = {"event_type": "contract_downgrade", "user_id": "0000-CHURN", "details": state["tag"],
                     "timestamp": time.time()}
            producer.produce(topic, key=str(state["sent"]), value=json.dumps(value))
            state["sent"] += 1
        producer.poll(0)
        time.sleep(0.001)
    producer.flush()
    state["done"] = True


def main():
    brokers, topic, rate, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    reader = Consumer({
        "bootstrap.servers": brokers, "group.id": uuid.uuid4().hex, "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "session.timeout.ms": 6000, "fetch.wait.max.ms": 10,
    })
    reader.subscribe([topic])
    state = {"sent": 0, "done": False, "tag": uuid.uuid4().hex}
    assigned, thread, latencies, end = None, None, [], time.time() + 60
    while time.time() < end and not (state["done"] and len(latencies) == state["sent"]):
        messages = reader.consume(1000, 0.002)
        now = time.time()
        if assigned is None and reader.assignment():
            assigned = now
        if thread is None and assigned is not None and now > assigned + SETTLING:
            thread = threading.Thread(target=feed, args=(brokers, topic, rate, seconds, state))
            thread.start()
            end = now + seconds + 10
        for message in messages:
            if message.error():
                continue
            event = json.loads(message.value())
            if event["details"] == state["tag"]:
                latencies.append(now - event["timestamp"])
    reader.close()
    latencies.sort()
    at = lambda share: round(1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))], 2)  # noqa: E731
    if not latencies:
        sys.exit("no record came back")
    print(json.dumps({"sent": state["sent"], "received": len(latencies), "p50_ms": at(0.5), "p95_ms": at(0.95),
                      "p99_ms": at(0.99), "max_ms": at(1)}))
    sys.exit(len(latencies) != state["sent"])


if __name__ == "__main__":
    main()
