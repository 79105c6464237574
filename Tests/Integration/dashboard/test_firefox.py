"""Every page in Firefox: it draws, it is live, and its console has no errors."""

import pytest

from browsing import PAGES
from firefox import PROGRAM, firefox

pytestmark = pytest.mark.skipif(not PROGRAM, reason="Firefox is not installed")


@pytest.fixture(scope="module")
def tab():
    with firefox() as tab:
        yield tab


@pytest.mark.parametrize("name", [*PAGES, "customer"])
def test_a_page_is_live_in_firefox(tab, demo, customer, name):
    path = f"/customer/{customer}" if name == "customer" else PAGES[name]
    tab.open(demo.http + path)
    tab.wait("document.querySelector('[data-testid=connection]')?.textContent === 'Live'")
    tab.wait("document.querySelector('h1') !== null && document.querySelector('.skeleton') === null")
    assert tab.evaluate("document.querySelectorAll('[role=alert]').length") == 0
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # A chart that was drawn has pixels.
    drawn = "[...document.querySelectorAll('canvas')].every((one) => one.width > 0 && one.height > 0)"
    assert tab.evaluate(drawn)
    assert tab.errors == []


def test_the_live_feed_moves_in_firefox(tab, demo):
    tab.open(demo.http + "/live")
    tab.wait("document.querySelectorAll('tbody tr').length > 0")
    first = tab.evaluate("document.querySelector('tbody tr').dataset.event")
    tab.wait(f"document.querySelector('tbody tr').dataset.event !== '{first}'")
