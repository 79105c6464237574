"""Fixtures: one browser and one demo for all tests of the dashboard, a view of its own for each."""

import pytest

import browsing
from harness import start_demo, wait_until


@pytest.fixture(scope="session")
def browser():
    with browsing.browser() as running:
        yield running


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    running = start_demo(
        tmp_path_factory.mktemp("demo"), "--rate", "20", "--customers", "2000", "--http-dashboard",
        str(browsing.BUNDLE))
    yield running
    running.stop()


@pytest.fixture
def open_view(browser):
    """Makes views; each is closed after the test, and then nothing may have gone wrong on it."""
    made = []

    def make(server, **options):
        view = browsing.View(browser, server, **options)
        made.append(view)
        return view

    yield make
    for view in made:
        view.close()


@pytest.fixture
def view(open_view, demo):
    return open_view(demo)


@pytest.fixture
def customer(demo):
    """A customer with a case who is at risk; a demo that has just started needs some events for that."""
    found = []

    def look():
        cases = browsing.api(demo, "/api/alerts?status=open&limit=200")["alerts"]
        found[:] = [case for case in cases if case["standing"] == "at_risk"]
        return found

    wait_until(look, 60, "a customer is at risk")
    return found[0]["customer_id"]
