"""A browser on the dashboard that notices what no test may overlook: errors in the console, requests to other hosts."""

import contextlib
import json
import os
import pathlib
import re
import urllib.parse
import urllib.request

from playwright.sync_api import expect, sync_playwright

from harness import ROOT

BUNDLE = pathlib.Path(os.environ.get("CHURN_TEST_DASHBOARD", ROOT / "Dashboard" / "dist"))
CHROMIUM = os.environ.get("CHURN_TEST_CHROMIUM", "/usr/bin/chromium")
PAGES = {
    "dashboard": "/", "watchlist": "/watchlist", "cases": "/alerts", "analytics": "/analytics", "live": "/live",
}
# Expectations poll: a machine that compiles something else meanwhile is slow.
expect.set_options(timeout=15_000)


@contextlib.contextmanager
def browser():
    assert (BUNDLE / "index.html").is_file(), f"{BUNDLE} holds no dashboard: run Scripts/dashboard.sh"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False)
        yield running
        running.close()


def api(server, path, body=None, token=None):
    """What the API answers, asked without the browser."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(
        server.http + path, headers=headers, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def is_offered(server, url):
    """Whether the server says that it has such an address: the dashboard asks for parts that a server may lack."""
    path = urllib.parse.urlsplit(url).path
    return any(
        re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]*", pattern), path) for pattern in api(server, "/openapi.json")["paths"])


class View:
    """A page of the dashboard with everything that went wrong on it."""

    def __init__(self, browser, server, theme="light", width=1440, height=900, **options):
        self.server = server
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, timezone_id="UTC", accept_downloads=True,
            **{"locale": "en-GB"} | options)
        self.page = self.context.new_page()
        self.wrong = []
        self.forgiven = []
        self.frames = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._see)
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._receive))

    def _hear(self, message):
        if message.type not in ("error", "warning"):
            return
        url = message.location.get("url") or ""
        if "status of 404" in message.text and not is_offered(self.server, url):
            return
        self.wrong.append(f"{message.type}: {message.text} at {url}")

    def _see(self, request):
        parts = urllib.parse.urlsplit(request.url)
        if parts.scheme in ("data", "blob") or parts.netloc == urllib.parse.urlsplit(self.server.http).netloc:
            return
        self.wrong.append(f"request to another host: {request.url}")

    def _receive(self, frame):
        frame = json.loads(frame)
        if frame["type"] in ("churn_alert", "new_event"):
            self.frames.append(frame["payload"])

    def open(self, path, heading=None):
        self.page.goto(self.server.http + path)
        if heading:
            expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        return self.page

    def wait_live(self):
        expect(self.page.get_by_test_id("connection")).to_have_text("Live")

    def forgive(self, *texts):
        """Expects what the test itself brought about, such as a request that it let fail."""
        self.forgiven += texts

    def close(self):
        self.context.close()
        self.wrong = [one for one in self.wrong if not any(text in one for text in self.forgiven)]
        assert not self.wrong, "\n".join(self.wrong)


def columns(page):
    """The first column of the table in view: who is listed."""
    return page.locator("tbody tr > th").all_inner_texts()
