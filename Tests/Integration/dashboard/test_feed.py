"""The live feed at 500 events a second: a filter shows every row that it admits, and no press hits another row."""

import random

import pytest
from playwright.sync_api import expect

import browsing
from harness import start_demo

# Notes every row that was ever in view, in the order in which they came.
WATCH = """() => {
    window.seen = new Set();
    const note = () => document.querySelectorAll("tr[data-event]").forEach((row) => seen.add(row.dataset.event));
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
    note();
}"""
# Notes what presses hit that the page lets through, and opens nothing.
PRESSES = """() => {
    window.hits = [];
    document.querySelector(".feed table").addEventListener("click", (event) => {
        hits.push(event.target.closest("tr")?.dataset.event ?? "none");
        event.preventDefault();
        event.stopPropagation();
    }, true);
}"""
ROW_AT = "([x, y]) => document.elementFromPoint(x, y)?.closest('tr[data-event]')?.dataset.event ?? null"


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    running = start_demo(
        tmp_path_factory.mktemp("busy"), "--rate", "500", "--customers", "5000", "--http-dashboard",
        str(browsing.BUNDLE))
    yield running
    running.stop()


def live(open_view, busy, path="/live", **options):
    view = open_view(busy, **options)
    page = view.open(path, "Live feed")
    view.wait_live()
    expect(page.locator("tbody tr").first).to_be_visible()
    return view, page


def test_a_filter_shows_every_row_that_it_admits_once(open_view, busy):
    sockets = []
    view = open_view(busy)
    view.page.on("websocket", lambda socket: sockets.append(socket.url))
    page = view.open("/live?band=Critical", "Live feed")
    view.wait_live()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert any("band=Critical" in url for url in sockets), "the server filters"
    page.evaluate(WATCH)
    first = len(view.frames)
    page.wait_for_timeout(15_000)
    # A row comes some hundred milliseconds after its frame.
    last = len(view.frames)
    page.wait_for_timeout(2_000)
    sent = view.frames[first:last]
    wanted = {str(frame["event_id"]) for frame in sent if frame["churn_risk"] == "Critical"}
    assert len({frame["event_id"] for frame in sent}) > 5_000 and 0 < len(wanted) < len(sent) / 20
    assert wanted <= set(page.evaluate("[...seen]"))
    shown = page.locator("tr[data-event]").evaluate_all("rows => rows.map((row) => row.dataset.event)")
    assert len(shown) == len(set(shown))
    assert set(page.locator("tbody tr .badge").all_text_contents()) == {"Critical"}


def test_no_press_of_a_mouse_hits_another_row(open_view, busy):
    _, page = live(open_view, busy)
    page.evaluate(PRESSES)
    box = page.locator(".feed").bounding_box()
    chance = random.Random(4)
    wanted = []
    for _ in range(100):
        page.mouse.move(box["x"] + 5, box["y"] - 60)
        page.wait_for_timeout(chance.randrange(50, 300))
        point = [box["x"] + 180, box["y"] + 60 + chance.random() * (880 - box["y"] - 60)]
        page.mouse.move(*point)
        wanted.append(page.evaluate(ROW_AT, point))
        page.wait_for_timeout(chance.randrange(0, 600))
        page.mouse.down()
        page.mouse.up()
    assert None not in wanted
    assert page.evaluate("hits") == wanted
    expect(page.get_by_test_id("feed-status")).to_contain_text("waiting")
    page.mouse.move(5, 5)
    expect(page.get_by_test_id("feed-status")).to_contain_text("updates not shown")


def test_no_finger_hits_another_row(open_view, busy):
    _, page = live(open_view, busy, width=360, height=740, has_touch=True)
    page.evaluate(PRESSES)
    page.evaluate("document.querySelector('.feed').scrollIntoView()")
    opened = 0
    for place in range(20):
        # A touch elsewhere lets the feed go on.
        page.touchscreen.tap(20, 20)
        page.wait_for_timeout(40 * place)
        page.evaluate("hits.length = 0")
        point = [60, 300]
        for _ in range(2):
            wanted = page.evaluate(ROW_AT, point)
            page.wait_for_timeout(30)
            page.touchscreen.tap(*point)
            page.wait_for_timeout(450)
            hits = page.evaluate("hits")
            if hits:
                break
        assert set(hits) <= {wanted}, "a press opened another row than the one that was aimed at"
        opened += len(hits)
    assert opened >= 15, "presses open rows, the second at the latest"


def test_a_pause_holds_on_other_pages_and_says_what_came(open_view, busy):
    view, page = live(open_view, busy, "/live?event_type=cancelled_autopay")
    page.get_by_role("button", name="Pause").click()
    held = page.locator("tbody tr").first.get_attribute("data-event")
    links = page.get_by_role("navigation", name="Pages", exact=True)
    links.get_by_role("link", name="Analytics").click()
    expect(page.get_by_role("heading", level=1, name="Analytics")).to_be_visible()
    page.wait_for_timeout(3_000)
    links.get_by_role("link", name="Live feed").click()
    expect(page).to_have_url(view.server.http + "/live?event_type=cancelled_autopay")
    assert page.locator("tbody tr").first.get_attribute("data-event") == held
    expect(page.get_by_test_id("feed-status")).to_contain_text("Paused")
    expect(page.get_by_test_id("feed-status")).to_contain_text("waiting")
    page.wait_for_timeout(2_000)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_test_id("feed-status")).to_contain_text("not shown")
    expect(page.locator(f"[data-event='{held}']")).to_have_count(0)
