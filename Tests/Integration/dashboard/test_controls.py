"""Every control of the watchlist, the customer, the cases and the live feed."""

import csv
import io

from playwright.sync_api import expect

from browsing import api, columns


def test_the_watchlist_keeps_its_filters_in_the_address(view):
    page = view.open("/watchlist", "Watchlist")
    risks, segments = page.get_by_role("group", name="Risk band"), page.get_by_role("group", name="Contract")
    risks.get_by_role("button", name="High").click()
    expect(page).to_have_url(view.server.http + "/watchlist?risk=High")
    risks.get_by_role("button", name="Medium").click()
    segments.get_by_role("button", name="Month-to-month").click()
    address = view.server.http + "/watchlist?risk=High&risk=Medium&contract=Month-to-month"
    expect(page).to_have_url(address)
    expect(page.locator("tbody tr .badge").filter(has_text="Low")).to_have_count(0)
    expect(page.locator("tbody tr").first).to_be_visible()
    page.reload()
    expect(risks.get_by_role("button", name="High")).to_have_attribute("aria-pressed", "true")
    risks.get_by_role("button", name="High").click()
    risks.get_by_role("button", name="Medium").click()
    segments.get_by_role("button", name="Month-to-month").click()
    expect(page).to_have_url(view.server.http + "/watchlist")


def test_the_watchlist_searches_sorts_and_turns_pages(view):
    page = view.open("/watchlist", "Watchlist")
    expect(page.get_by_role("columnheader", name="Probability")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Customer", exact=True).click()
    expect(page).to_have_url(view.server.http + "/watchlist?sort=id")
    expected = [user["customerid"] for user in api(view.server, "/api/watchlist?sort=id&limit=25")["users"]]
    expect(page.locator("tbody tr > th")).to_have_text(expected)
    page.get_by_role("button", name="Customer", exact=True).click()
    expected = [user["customerid"] for user in api(view.server, "/api/watchlist?sort=id&order=desc&limit=25")["users"]]
    expect(page.locator("tbody tr > th")).to_have_text(expected)
    page.get_by_role("button", name="Next").click()
    expected = [
        user["customerid"] for user in api(view.server, "/api/watchlist?sort=id&order=desc&limit=25&page=2")["users"]]
    expect(page.locator("tbody tr > th")).to_have_text(expected)
    expect(page.get_by_text("26–50 of 2,000")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("1–25 of 2,000")).to_be_visible()
    wanted = expected[3]
    part = wanted[2:7]
    page.get_by_label("Customer id contains").fill(part.lower())
    expect(page.locator("tbody tr > th").filter(has_text=wanted)).to_be_visible()
    assert all(part in name for name in columns(page))
    page.get_by_label("Customer id contains").fill("no such id")
    expect(page.get_by_text("No customer matches")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("1–25 of 2,000")).to_be_visible()


def test_the_watchlist_is_walked_through_by_keys_and_opens_a_customer(view):
    page = view.open("/watchlist?sort=id", "Watchlist")
    names = [user["customerid"] for user in api(view.server, "/api/watchlist?sort=id&limit=25")["users"]]
    expect(page.locator("tbody tr > th")).to_have_text(names)
    for key, place in [("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1)]:
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=names[place])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=names[1])).to_be_visible()
    page.get_by_role("navigation", name="Where this is").get_by_role("link", name="Watchlist").click()
    expect(page.get_by_role("heading", level=1, name="Watchlist")).to_be_visible()


def exported(view, query):
    page = view.open(f"/watchlist?{query}", "Watchlist")
    with page.expect_download() as started:
        page.get_by_role("button", name="Export CSV").click()
    assert started.value.suggested_filename == "watchlist.csv"
    # It begins with a byte order mark, by which spreadsheets know UTF-8.
    with open(started.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(io.StringIO(file.read())))


def test_the_export_holds_every_customer_of_the_filters(view):
    # Ids stay, so that they can be counted; events move customers from one contract to another all the while.
    found = exported(view, "search=1")
    assert len(found) == api(view.server, "/api/watchlist?search=1")["total_users"] > 0
    assert all("1" in row["customerid"] for row in found)
    assert {row["contract"] for row in exported(view, "contract=Two+year")} == {"Two year"}


def test_the_customer_shows_what_the_api_says_and_logs_what_was_done(view, customer):
    page = view.open(f"/customer/{customer}", customer)
    details = api(view.server, f"/api/customer/{customer}")["details"]
    facts = page.get_by_role("region", name="Details").locator("dd")
    expect(facts).to_have_count(len(api(view.server, "/api/domain")["columns"]))
    expect(facts.nth(0)).to_have_text(details["gender"])
    button = page.get_by_role("region", name="Recommended actions").get_by_role("button", name="Log").first
    button.click()
    log = page.get_by_role("list", name="Interventions")
    expect(log.get_by_role("listitem").first).to_be_visible()
    # An offer of two actions is two lines of the log.
    expect(button).to_be_enabled()
    before = len(api(view.server, f"/api/customer/{customer}")["intervention_log"])
    expect(log.get_by_role("listitem")).to_have_count(before)
    page.get_by_role("combobox", name="Action").select_option(label="Offer tech support")
    page.get_by_role("textbox", name="Note").fill("<b>called</b> & agreed")
    page.get_by_role("button", name="Add to the log").click()
    expect(log.get_by_role("listitem")).to_have_count(before + 1)
    expect(log.get_by_role("listitem").first).to_contain_text("<b>called</b> & agreed")
    newest = api(view.server, f"/api/customer/{customer}")["intervention_log"][0]
    assert newest["action_taken"] == "offer_tech_support"
    page.get_by_role("textbox", name="Note").fill("only a note")
    page.get_by_role("button", name="Add to the log").click()
    expect(log.get_by_role("listitem")).to_have_count(before + 2)


def test_what_if_equals_the_api(view, customer):
    page = view.open(f"/customer/{customer}", customer)
    details = api(view.server, f"/api/customer/{customer}")["details"]
    names = [column["column"] for column in api(view.server, "/api/domain")["columns"]]
    form = page.get_by_role("region", name="What if")
    figure = page.get_by_test_id("what-if")
    for changes in [{"contract": "Two year"}, {"contract": "Two year", "tenure": 60}]:
        form.get_by_role("combobox", name="Contract", exact=True).select_option(changes["contract"])
        if "tenure" in changes:
            form.get_by_role("spinbutton", name="Tenure", exact=True).fill(str(changes["tenure"]))
        features = {name: details[name] for name in names} | changes
        score = api(view.server, "/api/score", {"features": features})["scores"][0]["churn_probability"]
        expect(form.get_by_role("status")).to_contain_text("Score then")
        expect(figure).to_have_text(f"{score * 100:.1f}%")
    form.get_by_role("button", name="Reset").click()
    expect(form.get_by_role("status")).to_contain_text("Score now")
    expect(form.get_by_role("combobox", name="Contract", exact=True)).to_have_value(details["contract"])


def test_cases_are_acknowledged_assigned_snoozed_resolved_and_reopened(view):
    # The oldest case stays where it is while new ones come in.
    last = None
    before = ""
    while True:
        found = api(view.server, f"/api/alerts?status=open&limit=200{before}")
        last = found["alerts"][-1]
        if found["next_before"] is None:
            break
        before = f"&before={found['next_before']}"
    number, name = last["alert_id"], last["customer_id"]
    at = f"&before={number + 1}"
    page = view.page

    def state():
        return api(view.server, f"/api/alerts/{number}")

    def row(status):
        view.open(f"/alerts?status={status}{at}", "Cases")
        return page.locator(f"[data-case='{number}']")

    row("open").get_by_role("button", name=f"Acknowledge {name}").click()
    expect(page.locator(f"[data-case='{number}']")).to_have_count(0)
    assert state()["status"] == "acknowledged"
    row("acknowledged").get_by_role("button", name="Assign").click()
    page.get_by_label("Who takes care of it").fill("Ana")
    page.get_by_role("dialog").get_by_role("button", name="Assign").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert state()["assignee"] == "Ana"
    row("assigned").get_by_role("button", name="Snooze").click()
    page.get_by_label("For how long").select_option(label="1 day")
    page.get_by_role("dialog").get_by_role("button", name="Snooze").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert state()["status"] == "snoozed"
    row("snoozed").get_by_role("button", name="Resolve").click()
    page.get_by_label("How it ended").fill("Offer accepted")
    page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert state()["outcome"] == "Offer accepted"
    expect(row("resolved")).to_contain_text("Offer accepted")
    page.locator(f"[data-case='{number}']").get_by_role("button", name="Reopen").click()
    expect(page.locator(f"[data-case='{number}']")).to_have_count(0)
    assert state()["status"] == "open"


def test_a_case_that_another_user_changed_is_not_changed_blindly(view):
    page = view.open("/alerts", "Cases")
    rows = page.locator(".inbox-row")
    number = rows.nth(10).get_attribute("data-case")
    row = page.locator(f"[data-case='{number}']")
    row.get_by_role("button", name="Assign").click()
    version = api(view.server, f"/api/alerts/{number}")["version"]
    api(view.server, f"/api/alerts/{number}/acknowledge", {"version": version, "agent": "another"})
    page.get_by_label("Who takes care of it").fill("Ana")
    page.get_by_role("dialog").get_by_role("button", name="Assign").click()
    expect(page.get_by_text("not of this version any more")).to_be_visible()
    assert api(view.server, f"/api/alerts/{number}")["assignee"] is None
    view.forgive("409")


def test_the_live_feed_pauses_filters_and_shows_each_event_within_a_second(view):
    page = view.open("/live", "Live feed")
    view.wait_live()
    expect(page.locator("tbody tr").nth(49)).to_be_visible()
    seen = len(view.frames)
    page.wait_for_timeout(1_000)
    event = view.frames[-1]["event_id"]
    assert len(view.frames) > seen
    expect(page.locator(f"[data-event='{event}']")).to_be_visible(timeout=1_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_contain_text("new")
    held = page.locator("tbody tr").first.get_attribute("data-event")
    page.wait_for_timeout(800)
    assert page.locator("tbody tr").first.get_attribute("data-event") == held
    event = view.frames[-1]["event_id"]
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(f"[data-event='{event}']")).to_be_visible()
    page.get_by_role("group", name="Risk band").get_by_role("button", name="Low").click()
    expect(page).to_have_url(view.server.http + "/live?band=Low")
    page.get_by_label("Event type").select_option(label="Monthly anniversary")
    expect(page.locator("tbody tr").first).to_contain_text("Monthly anniversary")
    for text in page.locator("tbody tr").all_inner_texts():
        assert "Monthly anniversary" in text and "Low" in text
    page.get_by_role("button", name="Alerts only").click()
    expect(page.get_by_text("The next event that matches appears here.")).to_be_visible()


def test_measured_figures_are_those_of_the_frames(view):
    page = view.open("/live", "Live feed")
    view.wait_live()
    page.wait_for_timeout(6_500)
    rate = float(page.get_by_test_id("rate").inner_text().split("\n")[0].replace("events/s", ""))
    assert 10 <= rate <= 30, "the demo sends 20 events a second"
    total = int(page.get_by_test_id("total").inner_text().replace(",", ""))
    assert abs(total - len(view.frames)) <= 45
    assert page.get_by_test_id("missed").inner_text() == "0"
