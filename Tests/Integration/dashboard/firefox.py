"""Firefox by its own protocol, WebDriver BiDi: it needs no driver beside the browser."""

import contextlib
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

from websockets.sync.client import connect

PROGRAM = os.environ.get("CHURN_TEST_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One tab, and what its console says."""

    def __init__(self, socket):
        self.socket, self.numbers, self.said = socket, itertools.count(1), []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("method") == "log.entryAdded":
                self.said.append(message["params"])
            elif message.get("id") == number:
                assert message["type"] == "success", message
                return message["result"]

    def open(self, url):
        self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, expression):
        """The value of an expression, which is text, a number, a truth value or null."""
        found = self.ask(
            "script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True)
        assert found["type"] == "success", found
        return found["result"].get("value")

    def wait(self, expression, seconds=20):
        until = time.monotonic() + seconds
        while not self.evaluate(expression):
            assert time.monotonic() < until, f"{expression}; the page says: {self.evaluate('document.body.innerText')}"
            time.sleep(0.1)

    @property
    def errors(self):
        return [f"{entry['level']}: {entry['text']}" for entry in self.said if entry["level"] == "error"]


@contextlib.contextmanager
def firefox():
    with tempfile.TemporaryDirectory() as profile:
        # A home of its own, too: the user's may belong to someone else than who runs the tests.
        process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ | {"HOME": profile})
        try:
            for line in process.stderr:
                found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
                if found:
                    break
            else:
                raise AssertionError("Firefox ended before it listened")
            with connect(found.group(1) + "/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            process.wait(20)
