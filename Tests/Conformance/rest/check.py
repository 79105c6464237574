#!/usr/bin/env python3
"""Sends requests made from the served OpenAPI document to a running `churnd demo`, and checks every answer.

Usage: check.py [--requests 1000] [--seed 1]      Environment: CHURND, the program to start.

Runs schemathesis in passes with successive seeds until at least this many requests were sent: every check, valid and
invalid requests. Every other pass names a customer and a case that exist, so that answers about them are checked too.
Ends with status 1 at the first pass that finds a failure, and prints what schemathesis said.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHURND = os.environ.get("CHURND", str(ROOT / ".build" / "debug" / "churnd"))
SCHEMATHESIS = pathlib.Path(sys.executable).parent / "st"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


class Demo:
    """A demo of its own; ended by its process id."""

    def __init__(self, folder):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = open(folder / "demo.log", "wb")
        self.process = subprocess.Popen(
            [CHURND, "demo", "--customers", "500", "--http-port", self.url.rpartition(":")[2]],
            stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def wait(self, seconds=180):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                get(self.url + "/health/ready")
                # Scores, events and a case exist before the first request.
                if get(self.url + "/api/events/history?limit=20")[19:] and \
                        get(self.url + "/api/alerts?limit=1")["alerts"]:
                    return
            except (OSError, ValueError):
                pass
            time.sleep(0.2)
        raise SystemExit("the demo did not become ready:\n" + pathlib.Path(self.log.name).read_text()[-2000:])

    def stop(self):
        """Ends the demo; its exit status, which must be 0."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.log.close()


# What no schema here says: that a time is to come, that a page of the watchlist is asked for by number or by what the page
# before gave, but not by both, and that no text at any depth of a payload has a NUL (schemathesis
# does not generate from a schema that refers to itself). Every other pass sends NUL there all the same, and must then
# take a refusal of what the schema allows.
UNSAID = """
[[operations]]
include-path-regex = "^/api/(broadcast-event|update-churn-risk)$"
{broadcasts}

[[operations]]
include-operation-id = ["snoozeAlert", "watchlist"]
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "5xx"]
"""
# The dashboard's page is the same for every id; what it then asks for says whether there is such a customer.
UNSAID += """
[[operations]]
include-operation-id = "customerPage"
checks.negative_data_rejection.expected-statuses = ["200", "4xx"]
"""
WITHOUT_NUL = "generation.allow-x00 = false"
WITH_NUL = 'checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "5xx"]'
# Every refusal but the one for too many requests is as it would be without a limit.
LIMITED = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "429", "5xx"]
negative_data_rejection.expected-statuses = ["4xx", "5xx"]
missing_required_header.expected-statuses = ["4xx"]
unsupported_method.enabled = false
ignored_auth.enabled = false
"""
CASE = """
[[operations]]
include-path-regex = "^/api/alerts/"
parameters = {{ "path.id" = {} }}
"""


def settings(folder, number, customer, case, is_limited):
    """The pass's settings: the customer and the case that every path names, where they are given."""
    path = folder / f"pass{number}.toml"
    text = LIMITED if is_limited else UNSAID.format(broadcasts=WITH_NUL if number % 2 else WITHOUT_NUL)
    if customer:
        text = f'[parameters]\n"path.id" = {json.dumps(customer)}\n' + text + CASE.format(case)
    path.write_text(text)
    return path


def run_pass(demo, folder, number, seed, customer, case, examples, token=None, is_limited=False,
             phases="examples,coverage,fuzzing,stateful"):
    """One pass of schemathesis; returns its exit status, what it printed and how many requests it sent."""
    report = folder / f"pass{number}.ndjson"
    done = subprocess.run(
        [SCHEMATHESIS, "--config-file", settings(folder, number, customer, case, is_limited), "run",
         demo.url + "/openapi.json", *(["--header", f"Authorization: Bearer {token}"] if token else []),
         "--checks", "all", "--mode", "all", "--seed", str(seed), "--max-examples", str(examples),
         "--phases", phases, "--continue-on-failure", "--generation-database", "none", "--suppress-health-check", "all",
         "--exclude-path", "/ws/updates", "--report", "har", "--report-har-path", report],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, stdin=subprocess.DEVNULL)
    requests = len(json.loads(report.read_text())["log"]["entries"]) if report.exists() else 0
    return done.returncode, done.stdout, requests


def refused_for_nul(demo):
    """Bodies of the broadcasts with NUL in every kind of place that were not refused with 400."""
    nul = "a\0b"
    bodies = [{"type": nul, "payload": {}}, {"type": "x", "payload": {nul: 1}}, {"type": "x", "payload": {"a": nul}},
              {"type": "x", "payload": {"a": [{"b": [nul]}]}}, {"type": "x", "payload": {"a": {"b": {nul: []}}}},
              {"type": "x", "payload": {}, nul: 1}, {"type": "x", "payload": {}, "other": nul}]
    wrong = []
    for path in ("/api/broadcast-event", "/api/update-churn-risk"):
        for body in bodies:
            # As an escape, and as the byte itself, which no JSON text may hold.
            for text in (json.dumps(body), json.dumps(body).replace("\\u0000", "\0")):
                request = urllib.request.Request(
                    demo.url + path, text.encode(), {"content-type": "application/json"}, method="POST")
                try:
                    with urllib.request.urlopen(request, timeout=10) as answer:
                        wrong.append(f"{path} {text!r}: {answer.status}")
                except urllib.error.HTTPError as error:
                    if error.code != 400:
                        wrong.append(f"{path} {text!r}: {error.code}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1000, help="at least this many (default 1000)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="churn-rest.") as name:
        folder = pathlib.Path(name)
        demo = Demo(folder)
        sent = number = 0
        try:
            demo.wait()
            customer = get(demo.url + "/api/watchlist?limit=1")["users"][0]["customerid"]
            case = get(demo.url + "/api/alerts?limit=1")["alerts"][0]["alert_id"]
            if wrong := refused_for_nul(demo):
                return "NUL was not refused: " + "; ".join(wrong)
            # Each kind of pass at least once.
            while sent < arguments.requests or number < 2:
                examples = max(2, min(100, arguments.requests // 120))
                status, text, requests = run_pass(
                    demo, folder, number, arguments.seed + number, customer if number % 2 else None, case,
                    examples)
                sent += requests
                if status != 0 or requests == 0:
                    print(text)
                    return f"pass {number} of seed {arguments.seed + number} failed after {sent} requests"
                number += 1
                print(f"pass {number}: {requests} requests, no failure", flush=True)
        finally:
            status = demo.stop()
        if status != 0:
            return f"the demo ended with status {status}"
        print(f"rest: {sent} requests in {number} passes, 0 failures")
        return 0


if __name__ == "__main__":
    sys.exit(main())
