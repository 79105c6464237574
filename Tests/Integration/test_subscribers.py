"""Independent clients over two serving nodes: connect, filter, are cut off, resume at the other node."""

import asyncio
import json
import time
import urllib.parse
import urllib.request

import pytest

from subscribers import LIBRARIES, Subscriber

COUNT = 4_000


def stored(system, condition="true"):
    """What was written, by partition, in order: the truth that no serving node has touched."""
    with system.database.connect() as database:
        rows = database.execute(
            f"SELECT partition, stream_offset FROM predictions WHERE {condition} ORDER BY stream_offset").fetchall()
    return by_partition(rows)


def by_partition(updates):
    partitions = {}
    for partition, number in updates:
        partitions.setdefault(partition, []).append(number)
    return partitions


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_a_client_that_is_cut_off_and_resumes_at_the_other_node_sees_every_update_once(new_system, library):
    system = new_system()
    nodes = [system.start("--role", "serve", name=name) for name in ("first", "second")]
    worker = system.start("--role", "process", "--batch-size", "100", *system.assign(), name="worker")
    urls = [node.url for node in nodes]
    customers = [row.split(",")[0] for row in system.customers.read_text().splitlines()[1:40]]
    queries = {
        "": "true",
        "band=High&band=Critical": "churn_probability > 0.70",
        "band=Low&type=new_event": "churn_probability <= 0.40",
        urllib.parse.urlencode([("customer", name) for name in customers]): "user_id = ANY(ARRAY{})".format(customers),
    }
    subscribers = [Subscriber(LIBRARIES[library], urls, query) for query in queries]
    expected = {}

    async def scenario():
        # Each gets the cursor for "now" before anything is written.
        for subscriber in subscribers:
            await subscriber.session(lambda subscriber=subscriber: subscriber.cursor is not None)

        def is_complete(subscriber):
            wanted = expected.get(subscriber.query)
            return wanted is not None and len(subscriber.updates) >= wanted

        async def produce():
            await asyncio.to_thread(system.simulate, COUNT, rate=800)
            await asyncio.to_thread(system.wait_events, COUNT)
            for query, condition in queries.items():
                expected[query] = sum(len(numbers) for numbers in stored(system, condition).values())

        await asyncio.gather(
            produce(), *(subscriber.follow(is_complete, 600, 90) for subscriber in subscribers))

    asyncio.run(scenario())
    for subscriber in subscribers:
        assert by_partition(subscriber.updates) == stored(system, queries[subscriber.query]), subscriber.query
        assert subscriber.gaps == []
        assert subscriber.connections > 1
    assert expected[""] == COUNT
    assert expected["band=High&band=Critical"] > 0
    assert worker.stop() == 0, system.tail("worker")
    for node in nodes:
        assert node.stop() == 0


def test_a_gap_is_reported_when_neither_ring_nor_log_reaches_back(new_system):
    system = new_system(partitions=1)
    first = system.start("--role", "serve", name="first")
    worker = system.start("--role", "process", "--batch-size", "50", *system.assign(), name="worker")
    subscriber = Subscriber(LIBRARIES["websockets"], [first.url])
    asyncio.run(subscriber.session(lambda: subscriber.cursor is not None))
    system.simulate(1_000)
    system.wait_events(1_000)
    with system.database.connect() as database:
        kept = database.execute("SELECT max(last_number) FROM update_log WHERE last_number < 700").fetchone()[0]
        database.execute("DELETE FROM update_log WHERE last_number <= %s", [kept])
    # The first node still has everything in its ring; one that started later has neither.
    second = system.start("--role", "serve", name="second")
    late = Subscriber(LIBRARIES["aiohttp"], [second.url])
    late.cursor = subscriber.cursor
    end = time.monotonic() + 30
    asyncio.run(late.session(lambda: len(late.updates) >= 999 - kept or time.monotonic() > end))
    assert late.gaps == [(0, 0, kept + 1)]
    assert [number for _, number in late.updates] == list(range(kept + 1, 1_000))
    end = time.monotonic() + 30
    asyncio.run(subscriber.session(lambda: len(subscriber.updates) >= 1_000 or time.monotonic() > end))
    assert subscriber.gaps == []
    assert [number for _, number in subscriber.updates] == list(range(1_000))
    assert worker.stop() == 0, system.tail("worker")


def test_a_frame_from_outside_reaches_the_sockets_of_the_node_that_took_it(new_system):
    system = new_system(partitions=1)
    nodes = [system.start("--role", "serve", name=name) for name in ("first", "second")]
    heard = {node.port: [] for node in nodes}

    async def listen(node, is_open):
        async with LIBRARIES["websockets"](node.url) as connection:
            is_open.set()
            while True:
                heard[node.port].append(json.loads(await connection.receive()))

    def post():
        request = urllib.request.Request(
            f"http://127.0.0.1:{nodes[0].port}/api/update-churn-risk", method="POST",
            data=b'{"type":"churn_update","payload":{"customer_id":"a"}}', headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    async def scenario():
        opened = [asyncio.Event() for _ in nodes]
        tasks = [asyncio.create_task(listen(node, event)) for node, event in zip(nodes, opened)]
        for event in opened:
            await event.wait()
        for _ in range(200):
            if all(heard.values()):
                break
            await asyncio.sleep(0.05)
        answer = await asyncio.to_thread(post)
        for _ in range(200):
            if len(heard[nodes[0].port]) >= 2:
                break
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        return answer

    frame = {"type": "churn_update", "external": True, "payload": {"customer_id": "a"}}
    assert asyncio.run(scenario()) == {"status": "success", "data_broadcasted": frame}
    assert heard[nodes[0].port][1:] == [frame]
    assert frame not in heard[nodes[1].port]
