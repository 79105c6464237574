"""The dashboard on a phone, on paper, by keyboard, in another language, and when a write fails."""

import re

import pytest
from playwright.sync_api import expect

from browsing import PAGES, api

# Texts that do not fit into their place.
CUT = """() => [...document.querySelectorAll("main *")]
    .filter((one) => one.children.length === 0 && one.textContent !== "" && one.clientWidth > 1
        && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible"
        && !["INPUT", "SELECT"].includes(one.tagName))
    .map((one) => one.textContent)"""
PATHS = [*PAGES.values(), "customer"]


def opened(view, path, customer):
    page = view.open(f"/customer/{customer}" if path == "customer" else path)
    view.wait_live()
    expect(page.locator(".skeleton")).to_have_count(0)
    return page


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_cuts_no_text_and_no_page(open_view, demo, customer, path):
    page = opened(open_view(demo, width=360, height=740, has_touch=True), path, customer)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT) == []


def test_a_phone_sorts_the_watchlist_and_shows_what_customers_pay(open_view, demo):
    page = open_view(demo, width=360, height=740).open("/watchlist", "Watchlist")
    page.get_by_label("Sort by").select_option(label="Monthly charges, highest first")
    expect(page).to_have_url(demo.http + "/watchlist?sort=value&order=desc")
    most = api(demo, "/api/watchlist?sort=value&limit=1")["users"][0]
    expect(page.locator("tbody tr").first).to_contain_text(f"{most['monthlycharges']:.2f}")


def test_a_phone_says_why_what_to_do_what_was_done_and_who_is_next(open_view, demo, customer):
    page = opened(open_view(demo, width=360, height=740), "customer", customer)
    tops = [page.locator(place).bounding_box()["y"] for place in (".why", ".steps-list", ".log-form", ".next-case")]
    assert tops == sorted(tops) and tops[0] < 740 and tops[-1] < 2_200, tops
    page.get_by_role("navigation", name="Next").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name=customer)).to_have_count(0)


@pytest.mark.parametrize("path", PATHS)
def test_paper_has_no_navigation_and_cuts_nothing(open_view, demo, customer, path):
    # The width of an A4 page between its margins.
    view = open_view(demo, theme="dark", width=702, height=1_000)
    page = opened(view, path, customer)
    page.emulate_media(media="print", color_scheme="dark")
    for place in [page.get_by_role("navigation", name="Pages", exact=True), page.get_by_role("search"),
                  page.locator(".log-form"), page.locator(".filters")]:
        expect(place.filter(visible=True)).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = """() => [...document.querySelectorAll("main table, main canvas, main svg.flow")]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(wide) == []
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).printColorAdjust") == "exact"
    scrolled = "[...document.querySelectorAll('.scroll, .heat')].every((one) => one.scrollHeight <= one.clientHeight + 1)"
    assert page.evaluate(scrolled)
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("locale", ["de-DE", "ar-EG"])
@pytest.mark.parametrize("path", PATHS)
def test_every_text_is_english_in_a_browser_of_another_language(open_view, demo, customer, path, locale):
    page = opened(open_view(demo, locale=locale), path, customer)
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "en")
    expect(root).to_have_attribute("dir", "ltr")
    text = page.locator("body").inner_text()
    assert not re.search(r"[\u0660-\u0669\u06f0-\u06f9]|\bvor \d|منذ", text)
    # No comma between decimals: 15.787,2 or 72,3.
    assert not re.search(r"\d\.\d{3},\d|\d,\d{1,2}(?!\d)", text), text


def test_keys_walk_through_every_list_and_the_focus_survives_a_step(view):
    page = view.open("/alerts?status=open", "Cases")
    rows = page.locator(".inbox-row")
    expect(rows.nth(3)).to_be_visible()
    for key in "jjjk":
        page.keyboard.press(key)
    number = page.evaluate("document.activeElement.closest('.inbox-row').dataset.case")
    page.keyboard.press("Tab")
    expect(page.locator(f"[data-case='{number}'] .button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-case='{number}']")).to_have_count(0)
    page.wait_for_function("document.activeElement.closest('.inbox-row') !== null")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.inbox-row') !== null")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.inbox-row') !== null"), "a dialog gives the focus back"
    view.open("/live", "Live feed")
    expect(page.locator("tbody tr").nth(2)).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_test_id("feed-status")).to_contain_text("Held")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Pause the live feed")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_going_back_returns_to_the_row_and_to_the_place(view):
    page = view.open("/watchlist?sort=id", "Watchlist")
    expect(page.locator("tbody tr").nth(24)).to_be_visible()
    for _ in range(23):
        page.keyboard.press("j")
    name, place = page.evaluate("[document.activeElement.textContent, scrollY]")
    assert place > 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    assert page.evaluate("[document.activeElement.id, scrollY]") == ["content", 0]
    page.go_back()
    expect(page.get_by_role("link", name=name)).to_be_focused()
    page.wait_for_function(f"Math.abs(scrollY - {place}) < 60")


def test_a_write_whose_answer_was_lost_is_kept_sent_again_and_counts_once(view, customer):
    lost = []

    def lose(route):
        # The server has it, and the page never hears so.
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page = view.open(f"/customer/{customer}", customer)
    page.route("**/log-intervention", lose)
    before = len(api(view.server, f"/api/customer/{customer}")["intervention_log"])
    page.get_by_role("textbox", name="Note").fill("called twice")
    page.get_by_role("button", name="Add to the log").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.get_by_role("alert")).not_to_contain_text("tried again")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("called twice")
    for _ in range(2):
        page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("")
    notes = [entry["description"] for entry in api(view.server, f"/api/customer/{customer}")["intervention_log"]]
    assert lost == [201, 201] and len(notes) == before + 1 and notes[0] == "called twice"
    view.forgive("ERR_FAILED")


def test_a_step_that_failed_is_offered_again(view):
    page = view.open("/alerts?status=open", "Cases")
    row = page.locator(".inbox-row").nth(5)
    number = row.get_attribute("data-case")
    failed = []
    page.route("**/acknowledge", lambda route: route.continue_() if failed else (failed.append(1), route.abort()))
    page.locator(f"[data-case='{number}']").get_by_role("button", name=re.compile("^Acknowledge")).click()
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(f"[data-case='{number}']")).to_have_count(0)
    assert api(view.server, f"/api/alerts/{number}")["status"] == "acknowledged"
    view.forgive("ERR_FAILED")


def test_a_case_is_put_off_until_a_date_and_time(view):
    page = view.open("/alerts?status=open", "Cases")
    row = page.locator(".inbox-row").nth(4)
    number = row.get_attribute("data-case")
    page.locator(f"[data-case='{number}']").get_by_role("button", name=re.compile("^Snooze")).click()
    page.get_by_label("For how long").select_option(label="Until a date and time")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Snooze")).to_be_disabled()
    until = page.evaluate("new Date(Date.now() + 9 * 86400000).toISOString().slice(0, 16)")
    page.get_by_label("Until, in your local time").fill(until)
    dialog.get_by_role("button", name="Snooze").click()
    expect(dialog).to_have_count(0)
    case = api(view.server, f"/api/alerts/{number}")
    assert case["status"] == "snoozed" and case["snoozed_until"].startswith(until)
