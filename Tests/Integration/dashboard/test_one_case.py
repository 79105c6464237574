"""One case a customer: the inbox and the customer's page show one thing, live for all who look on."""

import datetime

from playwright.sync_api import expect

from browsing import api


def case_of(server, customer):
    return next(
        case for case in api(server, f"/api/alerts?customer={customer}")["alerts"] if case["status"] != "resolved")


def act(server, case, step, **body):
    return api(server, f"/api/alerts/{case['alert_id']}/{step}", {"version": case["version"]} | body)


def test_a_customer_shows_its_case_with_the_same_steps_as_the_inbox(view, customer):
    page = view.open(f"/customer/{customer}", customer)
    panel = page.get_by_role("region", name="Case", exact=True)
    case = case_of(view.server, customer)
    if case["status"] != "open":
        case = act(view.server, case, "reopen")
    panel.get_by_role("button", name=f"Assign {customer}").click()
    page.get_by_label("Who takes care of it").fill("Ana")
    page.get_by_role("dialog").get_by_role("button", name="Assign").click()
    expect(panel.get_by_label("What was done about the case").locator("li").first).to_contain_text("Assigned to Ana")
    assert case_of(view.server, customer)["assignee"] == "Ana"


def test_logging_an_action_takes_the_case_out_of_the_open_ones(view, customer):
    case = case_of(view.server, customer)
    if case["status"] != "open":
        case = act(view.server, case, "reopen")
    page = view.open(f"/customer/{customer}", customer)
    page.get_by_role("combobox", name="Action").select_option(index=1)
    page.get_by_role("button", name="Add to the log").click()
    history = page.get_by_label("What was done about the case")
    expect(history.locator("li").first).to_contain_text("Action logged")
    found = case_of(view.server, customer)
    assert found["status"] == "acknowledged" and found["version"] == case["version"] + 1
    log = api(view.server, f"/api/customer/{customer}")["intervention_log"][0]
    assert log["alert_id"] == found["alert_id"]


def test_a_step_of_another_person_shows_without_a_reload_on_both_pages(open_view, demo, customer):
    case = case_of(demo, customer)
    if case["status"] != "open":
        case = act(demo, case, "reopen")
    one, two = open_view(demo), open_view(demo)
    inbox = one.open(f"/alerts?before={case['alert_id'] + 1}", "Cases")
    person = two.open(f"/customer/{customer}", customer)
    one.wait_live()
    two.wait_live()
    row = inbox.locator(f"[data-case='{case['alert_id']}']")
    expect(row).to_be_visible()
    act(demo, case, "assign", assignee="Lee", agent="Lee")
    expect(row).to_have_count(0)
    expect(person.locator(f"[data-case='{case['alert_id']}']")).to_contain_text("Lee took it")


def test_a_snooze_that_is_over_comes_back_by_itself(open_view, demo, customer):
    case = case_of(demo, customer)
    if case["status"] != "open":
        case = act(demo, case, "reopen")
    view = open_view(demo)
    page = view.open(f"/alerts?before={case['alert_id'] + 1}", "Cases")
    view.wait_live()
    row = page.locator(f"[data-case='{case['alert_id']}']")
    expect(row).to_be_visible()
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=4)
    act(demo, case, "snooze", until=until.isoformat())
    expect(row).to_have_count(0)
    expect(row).to_be_visible()
