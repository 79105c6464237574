"""Latency from event to frame at a fixed rate: keyed events with ids over skewed customers, read from a web socket.

    python Benchmarks/paced.py ws://127.0.0.1:PORT/ws/updates RATE SECONDS

Run by the baseline's Python with PG_DSN, KAFKA and TOPIC, as the baseline's own latency.py is, for any server with
/ws/updates. Prints percentiles as JSON; fails unless every event came back, for one that never came would flatter
them.
"""

import asyncio
import json
import os
import sys
import threading
import time
import uuid

import numpy
import orjson
import psycopg2
import websockets
from confluent_kafka import Producer

TYPES = ["contract_downgrade", "removed_online_security", "cancelled_autopay", "contract_upgrade", "added_tech_support",
         "enabled_autopay", "monthly_anniversary"]


def customers():
    """Ids and, for each, the share of all events up to it: the weight of the n-th is 1 / n^0.8."""
    cursor = psycopg2.connect(os.environ["PG_DSN"]).cursor()
    cursor.execute("SELECT customerid FROM users ORDER BY 1")
    ids = [row[0] for row in cursor.fetchall()]
    shares = numpy.cumsum(1 / numpy.arange(1, len(ids) + 1) ** 0.8)
    return ids, shares / shares[-1]


class Feed(threading.Thread):
    def __init__(self, rate, seconds):
        super().__init__(daemon=True)
        self.rate, self.seconds, self.tag, self.sent = rate, seconds, uuid.uuid4().hex, 0
        self.ids, shares = customers()
        generator = numpy.random.default_rng(2)
        self.chosen = numpy.searchsorted(shares, generator.random(rate * seconds + rate))
        self.types = generator.choice(len(TYPES), size=rate * seconds + rate)

    def run(self):
        producer = Producer({"bootstrap.servers": os.environ["KAFKA"], "linger.ms": 0})
        begin = time.time()
        while (now := time.time()) - begin < self.seconds:
            while self.sent < (now - begin) * self.rate:
                user = self.ids[self.chosen[self.sent]]
                producer.produce(os.environ["TOPIC"], key=user, value=orjson.dumps({
                    "event_type": TYPES[self.types[self.sent]], "user_id": user, "details": self.tag,
                    "timestamp": time.time(), "event_id": f"{self.tag}-{self.sent}"}))
                self.sent += 1
            producer.poll(0)
            time.sleep(0.001)
        producer.flush()


def events_of(message):
    """The events of a frame, of either server."""
    if isinstance(message, list):
        return [each.get("payload", each) for each in message]
    return message["items"] if message.get("type") == "batch" else [message.get("payload", message)]


async def measure(url, feed):
    latencies = []
    async with websockets.connect(url, max_size=None) as socket:
        feed.start()
        end = time.time() + feed.seconds + 20
        while time.time() < end and (feed.is_alive() or len(latencies) < feed.sent):
            try:
                text = await asyncio.wait_for(socket.recv(), 1)
            except asyncio.TimeoutError:
                continue
            now = time.time()
            if feed.tag not in text:
                continue
            latencies += [now - float(event["timestamp"]) for event in events_of(orjson.loads(text))
                          if event.get("details") == feed.tag]
    return sorted(latencies)


def main():
    feed = Feed(int(sys.argv[2]), int(sys.argv[3]))
    latencies = asyncio.run(measure(sys.argv[1], feed))
    if not latencies:
        sys.exit("no frame came")
    at = lambda share: round(1000 * latencies[min(len(latencies) - 1, int(share * len(latencies)))], 1)  # noqa: E731
    print(json.dumps({"rate": feed.rate, "sent": feed.sent, "received": len(latencies), "p50_ms": at(0.5),
                      "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": at(1)}))
    sys.exit(len(latencies) != feed.sent)


if __name__ == "__main__":
    main()
