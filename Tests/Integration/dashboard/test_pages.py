"""Every page in both themes: it draws, it is accessible, it fits, and nothing goes wrong."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browsing import PAGES, api

HEADINGS = {name: "Live feed" if name == "live" else name.capitalize() for name in PAGES}
# The rules of WCAG 2.2 AA and those that axe recommends beyond them.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def check(page):
    # A skeleton or a moving bar is not what people read.
    expect(page.locator(".skeleton")).to_have_count(0)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", [*PAGES, "customer", "nowhere", "no such customer"])
def test_a_page_is_accessible_and_fits_in_both_themes(open_view, demo, customer, name, theme, width):
    view = open_view(demo, theme=theme, width=width)
    if name in PAGES:
        page = view.open(PAGES[name], HEADINGS[name])
    elif name == "customer":
        page = view.open(f"/customer/{customer}", customer)
    elif name == "nowhere":
        page = view.open("/customer/%E0%A4%A", "Nothing here")
    else:
        page = view.open("/customer/nobody", "nobody")
        expect(page.get_by_text("There is no customer of this id").first).to_be_visible()
        view.forgive("404")
    view.wait_live()
    check(page)


def test_the_table_behind_each_chart_is_accessible_too(view, customer):
    for path, heading in [("/", "Dashboard"), ("/analytics", "Analytics"), (f"/customer/{customer}", customer)]:
        page = view.open(path, heading)
        expect(page.locator(".skeleton")).to_have_count(0)
        buttons = page.get_by_role("button", name="as a table")
        for place in range(buttons.count()):
            buttons.nth(place).click()
            expect(buttons.nth(place)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".chart-table")).to_have_count(buttons.count())
        check(page)


def test_the_dialogs_of_cases_are_accessible(view):
    page = view.open("/alerts", "Cases")
    for step in ["Assign", "Snooze", "Resolve"]:
        page.get_by_role("button", name=re.compile(f"^{step} ")).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        check(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_theme_follows_the_system_until_one_is_chosen_and_then_stays(open_view, demo):
    view = open_view(demo, theme="dark")
    page = view.open("/", "Dashboard")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Dark theme").click()
    expect(root).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Theme of the system").click()
    expect(root).to_have_attribute("data-theme", "light")


def test_the_navigation_leads_everywhere_and_back(view):
    page = view.open("/", "Dashboard")
    for name, path in PAGES.items():
        page.get_by_role("navigation", name="Pages").get_by_role(
            "link", name=re.compile(f"^{HEADINGS[name]}")).click()
        expect(page.get_by_role("heading", level=1, name=HEADINGS[name])).to_be_visible()
        expect(page).to_have_url(view.server.http + path)
        expect(page).to_have_title(f"{HEADINGS[name]} · Churn")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Analytics")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    expect(page.get_by_label("Find a customer by id")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page).to_have_url(view.server.http + "/watchlist?search=12")


def test_the_figures_of_the_dashboard_are_those_of_the_api(view):
    page = view.open("/", "Dashboard")
    view.wait_live()
    kpis = api(view.server, "/api/dashboard-kpis")
    cards = page.locator(".kpi")
    expect(cards).to_have_count(5)
    expect(page.get_by_role("region", name="Active customers")).to_contain_text(f"{kpis['total_active_customers']:,}")
    # The others move with each event: what is shown is what the API said within the last second or two.
    for _ in range(40):
        kpis = api(view.server, "/api/dashboard-kpis")
        risk = kpis["at_risk_customers"]
        shown = page.get_by_role("region", name="At risk", exact=True).locator(".kpi-figure").inner_text()
        if shown == f"{risk:,}":
            break
        page.wait_for_timeout(250)
    assert shown == f"{risk:,}"
    page.get_by_role("region", name="Risk bands").get_by_role("link", name="Critical").click()
    expect(page).to_have_url(view.server.http + "/watchlist?risk=Critical")
