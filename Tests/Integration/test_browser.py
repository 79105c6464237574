"""A real Chromium as a client of the feed, from pages that churnd serves: its origin, its policy, its sockets."""

import contextlib
import http.server
import os
import pathlib
import shutil
import threading
import urllib.parse

import pytest

from cut_proxy import CutProxy
from harness import run_churnd, wait_until
from test_subscribers import by_partition, stored

CHROMIUM = os.environ.get("CHURN_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
COUNT = int(os.environ.get("CHURN_TEST_EVENTS", "3000"))
FOLLOW = pathlib.Path(__file__).with_name("follow.js").read_text()
PAGE = "/docs"

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        # Its sandbox cannot be had as root; the only pages it opens are ours.
        opened = started.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)
        yield opened
        opened.close()


def page_of(browser, port):
    page = browser.new_page()
    assert page.goto(f"http://127.0.0.1:{port}{PAGE}").status == 200
    page.evaluate(FOLLOW)
    return page


def counts(page):
    return page.evaluate("Object.fromEntries(Object.entries(feeds).map(([name, feed]) => "
                         "[name, feed.updates.length + feed.pending.length]))")


def produce_and_cut(system, page, proxy, ports, expected_of, cuts=4):
    """Writes events in parts; between them the proxy breaks every connection and leads to the other node."""
    for part in range(cuts + 1):
        system.simulate(COUNT // (cuts + 1), seed=part, rate=2_000)
        # The last part arrives while all is well; the others are cut off in the middle of it.
        if part < cuts:
            proxy.target = ports[(part + 1) % len(ports)]
            assert proxy.cut() >= len(counts(page))
            wait_until(lambda part=part: all(page.evaluate("Object.values(feeds).map((feed) => feed.connections)")[index]
                                             >= part + 2 for index in range(len(counts(page)))), 30, "all are back")
    system.wait_events(COUNT // (cuts + 1) * (cuts + 1))
    wanted = {name: sum(map(len, stored(system, condition).values())) for name, condition in expected_of.items()}
    with contextlib.suppress(AssertionError):
        wait_until(lambda: counts(page) == wanted, 60, "every feed has everything")


def check(system, page, expected_of):
    for name, condition in expected_of.items():
        feed = page.evaluate("(name) => feeds[name]", name)
        assert by_partition(feed["updates"] + feed["pending"]) == stored(system, condition), name
        assert feed["gaps"] == 0 and feed["early"] == 0 and feed["connections"] > 1, name


def test_a_browser_that_is_cut_off_and_resumes_at_the_other_node_sees_every_update_once(new_system, browser):
    system = new_system()
    nodes = [system.start("--role", "serve", name=name) for name in ("first", "second")]
    worker = system.start("--role", "process", "--batch-size", "100", *system.assign(), name="worker")
    customers = [row.split(",")[0] for row in system.customers.read_text().splitlines()[1:40]]
    high = urllib.parse.urlencode([("band", "High"), ("band", "Critical")])
    by_customer = urllib.parse.urlencode([("customer", name) for name in customers])
    feeds = {
        "all": ({}, "true"),
        "high": ({"query": high}, "churn_probability > 0.70"),
        "customers": ({"query": by_customer, "command": {"type": "filter", "filter": {"customer": customers}}},
                      f"user_id = ANY(ARRAY{customers})"),
    }
    proxy = CutProxy(nodes[0].port)
    try:
        page = page_of(browser, proxy.port)
        for name, (options, _) in feeds.items():
            page.evaluate("([name, options]) => follow(name, options)", [name, options])
        wait_until(lambda: page.evaluate("Object.values(feeds).every((feed) => feed.hasCursor) && feeds.customers.filtered"),
                   30, "every feed has a cursor")
        expected = {name: condition for name, (_, condition) in feeds.items()}
        produce_and_cut(system, page, proxy, [node.port for node in nodes], expected)
        check(system, page, expected)
        assert page.evaluate("violations") == []
        page.close()
    finally:
        proxy.close()
    for process in (worker, *nodes):
        assert process.stop() == 0


def test_a_browser_signs_in_by_its_first_message(new_system, browser):
    system = new_system()
    node = system.start("--role", "serve", "--auth", "keys", name="node")
    worker = system.start("--role", "process", *system.assign(), name="worker")
    keys = {role: run_churnd("keys", "create", "--name", role, "--grant", role, *system.postgres).stdout.strip()
            for role in ("viewer", "ingest")}
    proxy = CutProxy(node.port)
    try:
        page = page_of(browser, proxy.port)
        for name, token in {"good": keys["viewer"], "wrong": keys["viewer"][:-4] + "0000", "role": keys["ingest"]}.items():
            page.evaluate("([name, token]) => follow(name, { token })", [name, token])
        wait_until(lambda: page.evaluate("feeds.good.hasCursor && feeds.wrong.closes.length + feeds.role.closes.length == 2"),
                   30, "one signed in, two were refused")
        assert page.evaluate("[feeds.wrong.closes, feeds.role.closes]") == [[4001], [4003]]
        assert page.evaluate("[feeds.wrong, feeds.role].map((feed) => feed.early + feed.pending.length)") == [0, 0]
        page.evaluate("() => { delete feeds.wrong; delete feeds.role; }")
        produce_and_cut(system, page, proxy, [node.port], {"good": "true"}, cuts=2)
        check(system, page, {"good": "true"})
        page.close()
    finally:
        proxy.close()
    for process in (worker, node):
        assert process.stop() == 0


def test_a_page_reaches_no_other_origin_and_no_other_page_reaches_the_feed(new_system, browser):
    system = new_system(partitions=1)
    node = system.start("--role", "serve", name="node")
    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    other.RequestHandlerClass.log_message = lambda *ignored: None
    threading.Thread(target=other.serve_forever, daemon=True).start()
    attempt = """(url) => new Promise((done) => {
        let socket;
        try { socket = new WebSocket(url); } catch (error) { return done("refused by the browser"); }
        socket.onopen = () => done("open");
        socket.onclose = ({ code }) => done("closed " + code);
        setTimeout(() => done("no answer"), 3000); })"""
    read = """(url) => Promise.race([
        fetch(url).then((answer) => "read " + answer.status, () => "not read"),
        new Promise((done) => setTimeout(() => done("no answer"), 10000))])"""
    try:
        page = page_of(browser, node.port)
        assert page.evaluate(attempt, node.url) == "open"
        # The page's own policy: what leads elsewhere does not even leave the browser, which says nothing to the page.
        assert page.evaluate(attempt, f"ws://127.0.0.1:{other.server_port}/") != "open"
        assert page.evaluate(read, f"http://127.0.0.1:{other.server_port}/") == "not read"
        assert len(page.evaluate("violations")) >= 2
        foreign = browser.new_page()
        foreign.goto(f"http://127.0.0.1:{other.server_port}/requirements.txt")
        assert foreign.evaluate(attempt, node.url) == "closed 1006"
        assert foreign.evaluate(read, f"{node.http}/api/dashboard-kpis") == "not read"
        page.close()
        foreign.close()
    finally:
        other.shutdown()
        other.server_close()
    assert node.stop() == 0
