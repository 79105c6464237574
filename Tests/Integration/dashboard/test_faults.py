"""What the dashboard does when the server fails, is slow, is away, or sends the unexpected."""

import contextlib
import json

import pytest
from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import expect

from browsing import PAGES, api

MARKUP = "<img src=x onerror=\"document.title='executed'\">"
ODD = [MARKUP, "it's \"quoted\"", "a/b\\c", "🦊 emoji", "100%25", "?x=1#y", "&lt;b&gt;", "x" * 256]


def problem(status, code="internal_error", detail="The server failed to answer."):
    return {
        "status": status, "content_type": "application/problem+json",
        "body": json.dumps({"status": status, "code": code, "detail": detail, "request_id": "f00d"})}


def without_domain(page, handler):
    """Every request of the API but the one that names things."""
    page.route(lambda url: "/api/" in url and "/api/domain" not in url, handler)


@pytest.mark.parametrize("name", PAGES)
def test_a_failing_server_is_reported_with_a_way_to_try_again(view, name):
    without_domain(view.page, lambda route: route.fulfill(**problem(500)))
    page = view.open(PAGES[name])
    said = page.get_by_role("alert").first
    if name != "live":
        expect(said).to_contain_text("The server failed to answer.")
        expect(said).to_contain_text("f00d")
        again = page.get_by_role("button", name="Try again")
        expect(again.first).to_be_enabled()
        page.unroute_all()
        # They are tried again by themselves too, and may be well before they are clicked.
        while again.count() > 0:
            with contextlib.suppress(TookTooLong):
                again.first.click(timeout=1_000)
            page.wait_for_timeout(200)
        expect(page.get_by_role("alert")).to_have_count(0)
    else:
        # The feed itself goes on; only its history is missing.
        expect(page.locator("tbody tr").first).to_be_visible()
    view.forgive("status of 500")


def test_a_server_that_knows_nothing_yet_shows_no_figure_that_is_made_up(view):
    def empty(route):
        url = route.request.url
        if "dashboard-kpis" in url:
            body = {"critical_risk_customers": 0, "high_risk_customers": 0, "medium_risk_customers": 0,
                    "low_risk_customers": 0, "total_active_customers": 0, "mrr_at_risk": 0, "churn_trend": [],
                    "churn_by_segment": [], "overall_avg_churn_probability": None}
        elif "watchlist" in url:
            body = {"users": [], "total_pages": 0, "total_users": 0}
        elif "alerts" in url:
            counts = dict.fromkeys(["open", "acknowledged", "assigned", "snoozed", "resolved"], 0)
            body = {"alerts": [], "next_before": None, "counts": counts, "open_count_is_capped": False}
        elif "history" in url or "shap" in url:
            body = []
        elif "models" in url:
            body = {"models": []}
        elif "analytics" in url:
            body = {"life_cycle": [], "risk_profile": [], "flow": []}
        else:
            body = {"models": [], "drift": None, "thresholds": None, "challenger": None}
        route.fulfill(content_type="application/json", body=json.dumps(body))

    view.page.route_web_socket("**/ws/updates*", lambda socket: None)
    without_domain(view.page, empty)
    expected = {"dashboard": "No scores yet", "watchlist": "No customer matches", "cases": "No open cases",
                "live": "Nothing yet", "analytics": "No model serves here"}
    for name, path in PAGES.items():
        page = view.open(path)
        expect(page.get_by_text(expected[name]).first).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        assert "NaN" not in page.inner_text("body") and "undefined" not in page.inner_text("body")


def test_answers_that_are_no_answers_are_reported(view):
    without_domain(view.page, lambda route: route.fulfill(content_type="text/html", body="<h1>proxy</h1>"))
    page = view.open("/watchlist", "Watchlist")
    expect(page.get_by_text("The server sent something that is no answer of the API.")).to_be_visible()


def test_a_slow_server_shows_that_it_is_waited_for(view):
    held = []
    view.page.route("**/api/watchlist?*", lambda route: held.append(route))
    page = view.open("/watchlist", "Watchlist")
    expect(page.get_by_role("status", name="Loading")).to_be_visible()
    page.wait_for_timeout(500)
    for route in held:
        route.continue_()
    page.unroute_all()
    expect(page.locator("tbody tr").first).to_be_visible()


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_customer_id_is_text_and_nothing_else(view, odd):
    user = api(view.server, "/api/watchlist?limit=1")["users"][0] | {"customerid": odd, "contract": odd}
    record = {"details": user | {"churn_probability": 0.9, "churn_risk": "Critical", "at_risk": True,
                                 "prediction_timestamp": "2026-01-01T00:00:00Z"},
              "intervention_log": [{"log_id": 1, "customer_id": odd, "action_taken": odd, "agent_id": odd,
                                    "log_timestamp": "2026-01-01T00:00:00Z", "description": odd + odd}],
              "recent_events": [{"event_id": 1, "user_id": odd, "event_type": odd, "churn_probability": 0.5,
                                 "event_timestamp": "2026-01-01T00:00:00Z", "event_data": {"details": odd}}]}
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(content_type="application/json", body=json.dumps(record))

    page = view.page
    page.route("**/api/watchlist?*", lambda route: route.fulfill(
        content_type="application/json", body=json.dumps({"users": [user], "total_pages": 1, "total_users": 1})))
    page.route("**/api/customer/*", answer)
    page.route("**/api/customer/*/*", lambda route: route.fulfill(**problem(501, "not_here", "")))
    view.open("/watchlist", "Watchlist")
    page.locator("tbody tr > th a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(odd)
    expect(page.get_by_role("list", name="Interventions")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(odd)
    assert page.locator("img").count() == 0
    assert page.title() == f"{odd} · Churn"
    assert len(set(asked)) == 1, "every address of one customer is the same one"
    view.forgive("status of 501")


def test_ten_thousand_rows_do_not_stop_the_page(view):
    base = api(view.server, "/api/watchlist?limit=1")["users"][0]
    users = [base | {"customerid": f"c-{number:05}"} for number in range(10_000)]
    view.page.route("**/api/watchlist?*", lambda route: route.fulfill(
        content_type="application/json", body=json.dumps({"users": users, "total_pages": 1, "total_users": 10_000})))
    page = view.open("/watchlist", "Watchlist")
    expect(page.locator("tbody tr")).to_have_count(10_000, timeout=60_000)
    page.get_by_role("navigation", name="Pages", exact=True).get_by_role("link", name="Live feed").click()
    expect(page.get_by_role("heading", level=1, name="Live feed")).to_be_visible()


def test_the_feed_resumes_where_it_was_cut_and_shows_nothing_twice(view):
    cursors, servers = [], []

    def connect(socket):
        cursors.append("cursor=" in socket.url)
        servers.append((socket, socket.connect_to_server()))

    view.page.route_web_socket("**/ws/updates*", connect)
    page = view.open("/live", "Live feed")
    view.wait_live()
    page.wait_for_timeout(1_500)
    # In the middle of a frame: what came is no JSON, and then nothing comes any more.
    servers[0][0].send('{"type":"churn_alert","payload":{"user_id":"half')
    servers[0][0].close(code=1011)
    servers[0][1].close()
    expect(page.locator(".banner")).to_contain_text("Trying again")
    view.wait_live()
    expect(page.locator(".banner")).to_have_count(0)
    assert cursors[:2] == [False, True]
    page.wait_for_timeout(1_500)
    shown = page.locator("tbody tr").evaluate_all("rows => rows.map((row) => row.dataset.event)")
    assert len(shown) == len(set(shown))
    numbers = sorted(int(number) for number in shown)
    assert numbers == list(range(numbers[0], numbers[-1] + 1)), "an event is missing"
    assert page.get_by_test_id("missed").inner_text() == "0"


def test_a_gap_is_reported_and_filled_by_the_history(view):
    sockets, reads = [], []

    def connect(socket):
        sockets.append(socket)
        socket.connect_to_server()

    view.page.route_web_socket("**/ws/updates*", connect)
    view.page.on("request", lambda request: reads.append(request.url) if "events/history" in request.url else None)
    page = view.open("/live", "Live feed")
    view.wait_live()
    # The page reads when the feed is live; on a machine that is too busy for that, once before too.
    page.wait_for_timeout(1_000)
    before = len(reads)
    assert before in (1, 2)
    sockets[0].send(json.dumps({"type": "gap", "payload": {"partition": 0, "from": 5, "to": 12}}))
    expect(page.get_by_test_id("missed")).to_have_text("7")
    page.wait_for_timeout(300)
    assert len(reads) == before + 1


def test_frames_that_are_no_frames_change_nothing(view):
    sockets = []

    def connect(socket):
        sockets.append(socket)
        socket.connect_to_server()

    view.page.route_web_socket("**/ws/updates*", connect)
    page = view.open("/live", "Live feed")
    view.wait_live()
    for text in ["", "{", "[]", "null", '{"type":"new_event","payload":{"user_id":{}}}', '{"type":"error","payload":{}}',
                 json.dumps({"type": "new_event", "external": True, "payload": {"user_id": MARKUP}})]:
        sockets[0].send(text)
    page.wait_for_timeout(500)
    view.wait_live()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.title() == "Live feed · Churn"
