"""The dashboard over PostgreSQL and the broker: an event is seen within a second, a restart loses nothing, keys."""

import json
import re
import signal
import time

import pytest
from playwright.sync_api import expect

import browsing
from browsing import PAGES
from harness import free_port, is_ready, run_churnd, wait_until


@pytest.fixture
def system(new_system):
    return new_system()


def start(system, *extra, port=None, name="churnd"):
    arguments = [*system.assign(), "--http-dashboard", str(browsing.BUNDLE), *extra]
    if port is not None:
        arguments += ["--http-port", str(port)]
    process = system.start(*arguments, name=name, serve=port is None)
    if port is not None:
        process.port, process.http = port, f"http://127.0.0.1:{port}"
        wait_until(lambda: is_ready(port) or not process.is_running, 60, f"{name} is ready")
    return process


def event(customer, kind="contract_downgrade"):
    value = {"event_type": kind, "user_id": customer, "timestamp": time.time(), "details": "from a test"}
    return (customer.encode(), json.dumps(value).encode(), None)


def ids(system):
    return [row.split(",")[0] for row in system.customers.read_text().splitlines()[1:]]


def test_an_event_is_on_the_page_within_a_second(system, open_view):
    server = start(system)
    view = open_view(server)
    page = view.open("/live", "Live feed")
    view.wait_live()
    waits = []
    for customer in ids(system)[:5]:
        sent = time.monotonic()
        system.topic.produce([event(customer)])
        expect(page.locator("tbody tr > th").filter(has_text=customer)).to_be_visible(timeout=5_000)
        waits.append(time.monotonic() - sent)
    assert sorted(waits)[2] < 1, f"seconds from sending to seeing: {waits}"
    for path in PAGES.values():
        page = view.open(path)
        view.wait_live()
        expect(page.locator(".skeleton")).to_have_count(0)
        expect(page.get_by_role("alert")).to_have_count(0)
    customer = ids(system)[0]
    view.open(f"/customer/{customer}", customer)
    expect(page.get_by_role("region", name="Recent events", exact=True)).to_contain_text("Contract downgrade")


def test_nothing_is_missing_after_the_server_was_killed_and_started_again(system, open_view):
    port = free_port()
    server = start(system, port=port, name="first")
    view = open_view(server)
    page = view.open("/live", "Live feed")
    view.wait_live()
    customers = ids(system)[:40]
    system.topic.produce([event(customer) for customer in customers[:20]])
    expect(page.get_by_test_id("total")).to_have_text("20")
    server.signal(signal.SIGKILL)
    server.process.wait(20)
    expect(page.locator(".banner")).to_contain_text("Trying again")
    expect(page.get_by_test_id("connection")).to_have_text(re.compile("Offline|Connecting"))
    # These happen while no server runs.
    system.topic.produce([event(customer) for customer in customers[20:]])
    start(system, port=port, name="second")
    page.get_by_role("button", name="Try now").click(timeout=5_000, force=True) if page.locator(".banner").count() else None
    view.wait_live()
    expect(page.get_by_test_id("total")).to_have_text("40", timeout=40_000)
    shown = page.locator("tbody tr > th").all_inner_texts()
    assert sorted(shown) == sorted(customers)
    assert page.get_by_test_id("missed").inner_text() == "0"
    view.forgive("ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE")


def test_every_page_reads_each_address_once(system, open_view):
    server = start(system)
    view = open_view(server)
    asked = []
    view.page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    customer = ids(system)[0]
    for path in [*PAGES.values(), f"/customer/{customer}"]:
        # Nothing happens meanwhile, so that nothing is read again for that.
        asked.clear()
        page = view.open(path)
        view.wait_live()
        expect(page.locator(".skeleton")).to_have_count(0)
        page.wait_for_timeout(500)
        assert sorted(asked) == sorted(set(asked)), path


def key(system, name, role):
    made = run_churnd("keys", "create", "--name", name, "--grant", role, *system.postgres)
    return re.search(r"churn_[0-9a-f]+_[0-9a-f]+", made.stdout + made.stderr).group()


def test_who_has_no_key_sees_nothing_and_a_viewer_may_not_act(system, open_view):
    viewer, agent = key(system, "eyes", "viewer"), key(system, "hands", "agent")
    server = start(system, "--auth", "keys")
    view = open_view(server)
    view.forgive("status of 401", "status of 403")
    page = view.open("/watchlist", "Sign in")
    assert page.locator("table").count() == 0
    page.get_by_label("Key or token").fill("churn_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not known")
    page.get_by_label("Key or token").fill(viewer)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Watchlist")).to_be_visible()
    expect(page.locator("tbody tr").first).to_be_visible()
    view.wait_live()
    assert viewer not in page.url
    page.reload()
    view.wait_live()
    customer = ids(system)[0]
    view.open(f"/customer/{customer}", customer)
    # What the server would refuse is not offered.
    expect(page.get_by_text("Your role reads only")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^(Log|Add to the log)"))).to_have_count(0)
    view.open("/alerts", "Cases")
    expect(page.get_by_role("button", name=re.compile("^(Acknowledge|Assign|Snooze|Resolve) "))).to_have_count(0)
    with page.expect_download():
        view.open("/watchlist?contract=Two+year", "Watchlist")
        page.get_by_role("button", name="Export CSV").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    page.get_by_label("Key or token").fill(agent)
    page.get_by_role("button", name="Sign in").click()
    view.open(f"/customer/{customer}", customer)
    page.get_by_role("textbox", name="Note").fill("may")
    page.get_by_role("button", name="Add to the log").click()
    expect(page.get_by_role("list", name="Interventions")).to_contain_text("may")
    expect(page.get_by_role("list", name="Interventions")).to_contain_text("hands")
    expect(page.get_by_role("list", name="Interventions")).not_to_contain_text("key:")


def test_a_key_that_is_taken_back_ends_the_session(system, open_view):
    viewer = key(system, "eyes", "viewer")
    server = start(system, "--auth", "keys")
    view = open_view(server)
    view.forgive("status of 401")
    page = view.open("/", "Sign in")
    page.get_by_label("Key or token").fill(viewer)
    page.get_by_role("button", name="Sign in").click()
    view.wait_live()
    # What the page asks for by itself may come first: only what the click asks for is refused.
    page.route("**/api/watchlist**", lambda route: route.fulfill(
        status=401, content_type="application/problem+json", body=json.dumps({"code": "credential_refused"})))
    page.get_by_role("link", name="Watchlist").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("not valid any more")
