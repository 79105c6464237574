#!/usr/bin/env python3
"""Looks for SQL injection in every value of the HTTP interface, against churnd over PostgreSQL.

    Scripts/with-servers.sh python Tests/Integration/injection.py [--level 3] [--only PATH]

The long form: sqlmap on each parameter, path part and member of a body of every operation of /openapi.json, and on the
token. `probe` is the short form: a few texts at each place. Either way the tables must be afterwards as they were.
"""

import argparse
import copy
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

from websockets.sync.client import connect

from harness import run_churnd, trained_system, wait_until
from surface import Surface

SLEEP = 3
# What ends a text, a number or a list in SQL, with something that is seen: a delay, an error, another table.
TEXTS = [
    "'", "\\", "%27", "';--", "$1", "' || pg_sleep({s})::text || '", "'; SELECT pg_sleep({s}); --",
    "1; SELECT pg_sleep({s}); --", "1 OR 1=(SELECT 1 FROM pg_sleep({s}))", "') OR 1=(SELECT 1 FROM pg_sleep({s})) --",
    "]}}'; SELECT pg_sleep({s}); --", "\"; SELECT pg_sleep({s}); --", "{{x'; SELECT pg_sleep({s}); --}}",
    "'; DROP TABLE users; --", "x' UNION SELECT version() --",
]
# Of each pair both must be answered alike: the one is true in SQL where the other is not.
PAIRS = [("' AND '1'='1", "' AND '1'='2"), (" AND 1=1", " AND 1=2"), ("' OR '1'='1", "' OR '1'='2"),
         ("') OR ('1'='1", "') OR ('1'='2")]
LEAKS = re.compile(r"SQLSTATE|syntax error|libpq|pg_catalog|PostgreSQL|ERROR:|relation \"|column \"", re.I)
QUIET = ["--http-requests-per-second", "1000000", "--http-requests-per-second-per-address", "1000000"]


def either(call, *names):
    """The call, or where it has all of these parameters, which exclude each other, a call with each of them."""
    if not set(names) <= set(call.query):
        return [call]
    calls = [copy.deepcopy(call) for _ in names]
    for each, kept in zip(calls, names):
        each.query = {name: value for name, value in call.query.items() if name == kept or name not in names}
    return calls


class Target:
    """churnd over PostgreSQL with customers, events and a case, and no writer meanwhile."""

    def __init__(self, system):
        self.system = system
        worker = system.start("--role", "process", *system.assign(), name="worker")
        system.simulate(1_500)
        system.wait_events(1_500)
        assert system.database.value("SELECT count(*) FROM event_log WHERE became_at_risk") > 0
        assert worker.stop() == 0
        self.key = run_churnd("keys", "create", "--name", "admin", "--grant", "admin", *system.postgres).stdout.strip()
        self.process = system.start("--role", "serve", "--auth", "keys", *QUIET, name="server")
        self.port = self.process.port
        # The projection has the customers before anything is compared.
        customer = system.database.value("SELECT user_id FROM event_log WHERE became_at_risk LIMIT 1")
        case = system.database.value("SELECT max(event_id) FROM event_log WHERE became_at_risk")
        with connect(self.process.url, additional_headers={"Authorization": f"Bearer {self.key}"}) as socket:
            cursor = json.loads(socket.recv(10))["payload"]["cursor"]
        document = json.loads(self.ask("GET", "/openapi.json")[1])
        known = {"customer_id": customer, "user_id": customer, "customer": customer, "cursor": cursor}
        for path in document["paths"]:
            known[f"{path} id"] = str(case) if path.startswith("/api/alerts/") else customer
        known |= {"/ws/updates band": "High", "/ws/updates type": "churn_alert"}
        wait_until(lambda: self.ask("GET", "/api/watchlist?limit=1")[0] == 200, 30, "the watchlist is served")
        page = json.loads(self.ask("GET", "/api/watchlist?limit=1&sort=risk&order=asc")[1])
        known["/api/watchlist after"] = page.get("next_after") or ""
        surface = Surface(document, known)
        self.calls = [each for call in surface.calls() if call.path or call.query or call.body
                      for each in either(call, "page", "after")]
        # A part of a request that the document names and that is not tested would be passed over in silence.
        assert surface.untested(self.calls) == []

    def ask(self, method, target, payload=None, token=None, upgrade=False):
        """Status and body of one request, and how long it took."""
        headers = {"Authorization": f"Bearer {self.key if token is None else token}"}
        if payload is not None:
            headers["Content-Type"] = "application/json"
        if upgrade:
            headers |= {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, payload, headers)
            answer = connection.getresponse()
            body = b"" if answer.status == 101 else answer.read()
            return answer.status, body.decode(errors="replace"), time.monotonic() - start
        finally:
            connection.close()

    def send(self, call):
        return self.ask(call.method, call.target, call.payload, upgrade=call.template == "/ws/updates")

    def snapshot(self):
        """What no request here may change: the tables' shapes, the functions, the roles, and what was scored."""
        questions = {
            "columns": "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns "
                       "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3",
            "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
            "roles": "SELECT rolname, rolsuper FROM pg_roles ORDER BY 1",
        }
        questions |= {table: f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t"
                      for table in ("users", "events", "predictions", "event_log", "dead_letters", "update_log")}
        with self.system.database.connect() as database:
            return {name: database.execute(question).fetchall() for name, question in questions.items()}


def without_request_id(text):
    return re.sub(r'"request_id"\s*:\s*"[^"]*"', "", text)


def judge(target, call, what, text):
    """Sends one text; what is wrong with the answer, as a list."""
    status, body, took = target.send(call)
    faults = []
    if took > SLEEP * 0.9:
        # A busy machine may be slow once; a database that sleeps is slow each time.
        took = min(took, target.send(call)[2])
    if took > SLEEP * 0.9:
        faults.append(f"took {took:.1f} s")
    if status >= 500:
        faults.append(f"status {status}")
    if status >= 400 and LEAKS.search(body):
        faults.append("the problem shows text of the database")
    return [f"{what} {text!r}: {fault}" for fault in faults]


def probe(target):
    """The short form; returns the number of requests and all faults."""
    faults, sent, places = [], 0, 0
    before = target.snapshot()
    for call in target.calls:
        name = f"{call.method} {call.template}"
        status, body, _ = target.send(call)
        # A call that would be refused as it is proves nothing about the values in it.
        # There is no dashboard here, and so none of its parts.
        if status not in (101, 200, 201, 409) and not (status == 404 and call.template.startswith("/assets/")):
            faults.append(f"{name}: the call in order got {status}: {body[:300]}")
        for place, changed in call.places():
            places += 1
            base = call.value(place)
            for text in TEXTS:
                text = text.format(s=SLEEP)
                for value in (text, base + text):
                    faults += judge(target, changed(value), f"{name}, {place}", value)
                    sent += 1
            # Writes change what is answered; of reads both sides of a pair must be alike.
            for yes, no in PAIRS if call.method == "GET" else []:
                answers = [target.send(changed(base + text)) for text in (yes, no)]
                sent += 2
                if answers[0][0] != answers[1][0] or len({without_request_id(each[1]) for each in answers}) > 1:
                    faults.append(f"{name}, {place}: {yes!r} and {no!r} are answered differently")
    for text in TEXTS:
        text = text.format(s=SLEEP)
        for token in (text, target.key + text, target.key[:-4] + text, "churn_" + text):
            status, _, took = target.ask("GET", "/api/watchlist", token=token)
            sent += 1
            if status not in (400, 401) or took > SLEEP * 0.9:
                faults.append(f"token {text!r}: status {status} after {took:.1f} s")
    after = target.snapshot()
    faults += [f"{name} changed" for name in before if before[name] != after[name]]
    return {"operations": len(target.calls), "places": places, "requests": sent}, faults


def sqlmap(target, call, level, folder, number, headers=()):
    """Runs sqlmap on a call whose places to test are marked with a star; returns whether it found nothing."""
    command = ["sqlmap", "-u", f"http://127.0.0.1:{target.port}{call.target}", "--batch", "--level", str(level),
               "--dbms", "PostgreSQL", "--flush-session", "--disable-coloring", "--output-dir", str(folder / "out"),
               "--method", call.method, "--time-sec", str(SLEEP), "--ignore-code", "*"]
    lines = list(headers) or [f"Authorization: Bearer {target.key}"]
    if call.payload is not None:
        command += ["--data", call.payload.decode()]
        lines.append("Content-Type: application/json")
    command += ["--headers", "\n".join(lines)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder,
                          stdin=subprocess.DEVNULL, timeout=3600)
    (folder / f"sqlmap{number}.log").write_text(done.stdout)
    if "identified the following injection point" in done.stdout:
        return "found", done.stdout
    if "all tested parameters do not appear to be injectable" in done.stdout:
        return "nothing", done.stdout
    return "not tested", done.stdout


def marked(call):
    """The calls to hand to sqlmap: each place with a star behind its value."""
    for place, changed in call.places():
        yield place, changed(call.value(place) + "*")


def scan(target, level, only, folder):
    """The long form; returns figures and all faults."""
    faults, counts, number = [], {}, 0
    before = target.snapshot()
    jobs = [(f"{call.method} {call.template}, {place}", starred, ())
            for call in target.calls if only in call.template and call.template != "/ws/updates"
            for place, starred in marked(call)]
    if not only:
        head = next(call for call in target.calls if call.template == "/api/watchlist")
        jobs.append(("token", head, (f"Authorization: Bearer {target.key}*",)))
        # Without a mark sqlmap tests User-Agent, Referer and all parameters of the query.
        jobs.append(("headers", head, ()))
    for name, call, headers in jobs:
        number += 1
        start = time.monotonic()
        verdict, text = sqlmap(target, call, level, folder, number, headers)
        counts[verdict] = counts.get(verdict, 0) + 1
        print(f"{number}/{len(jobs)} {name}: {verdict} in {time.monotonic() - start:.0f} s", flush=True)
        if verdict != "nothing":
            faults.append(f"{name}: {verdict}\n{text[-1500:]}")
    after = target.snapshot()
    faults += [f"{name} changed" for name in before if before[name] != after[name]]
    return counts, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--level", type=int, default=3)
    parser.add_argument("--only", default="", help="paths that contain this text")
    options = parser.parse_args()
    if not shutil.which("sqlmap"):
        print("not run: sqlmap is not installed (apt-get install sqlmap)", file=sys.stderr)
        return 3
    with trained_system("injection") as system:
        target = Target(system)
        counts, faults = scan(target, options.level, options.only, system.folder)
        if target.process.stop() != 0:
            faults.append("churnd did not end with 0")
    print("\n".join(faults))
    print(f"sqlmap: {json.dumps(counts)}, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
