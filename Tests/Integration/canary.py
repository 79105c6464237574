#!/usr/bin/env python3
"""Sends unique texts as secrets, payloads and ids through everything, and looks for them where they must not be.

    Scripts/with-servers.sh python Tests/Integration/canary.py [--rounds 5]

The rule. A canary may stand only
- in the tables, and in the log of PostgreSQL itself, which is not ours;
- in an answer of status 2xx whose contract is to show it (SHOWN below): histories, a customer, an audit entry;
- in the frames of the feed and the bodies to webhooks, which carry an event's fields and the customer's id;
- on the terminal of `keys create` and `dead-letters show`, which exist to show it.
A problem may repeat the name of an unknown member of a body, of at most 40 letters and digits, to who sent it; no value.
Names of hosts, users and databases are no secrets, nor is a value of a key that is not marked as secret.
It may stand in no log of any level, no problem, no header of an answer, no metric, no health, no reason of a close, no
other command's output. Passwords, tokens and secrets may stand in none of the places above either, but for the key that
`keys create` prints. Each is looked for as it is, percent-encoded, in base64 and in hexadecimal.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import sys
import tempfile
import time

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from bad_records import bad_records
from canaries import Canaries, Receiver, forms, jwt
from harness import System, free_port, run_churnd, wait_until

SHOWN = re.compile(r"^/api/(events/history|churn-alerts-history|customer/|watchlist|alerts|audit|score|update-churn-risk"
                   r"|webhooks/deliveries|simulate)")


class Run:
    """One system with canaries everywhere, and what of its output is public."""

    def __init__(self, server_url, brokers, bundle, customers, folder):
        self.canaries, self.seen, self.statuses, self.folder = Canaries(), [], set(), pathlib.Path(folder)
        make = self.canaries.make
        self.customers = [make(f"customer {number}") for number in range(40)]
        file = self.folder / "canaries.csv"
        lines = pathlib.Path(customers).read_text().splitlines()
        rows = [",".join([name] + line.split(",")[1:]) for name, line in zip(self.customers, lines[1:])]
        file.write_text("\n".join(lines + rows) + "\n")
        with_password = server_url.replace("://churn@", f"://churn:{make('database password', secret=True)}@")
        assert with_password != server_url
        self.system = System(with_password, brokers, bundle, file, self.folder, partitions=1)
        self.receiver = Receiver(make("webhook's answer"))
        self.jwt_secret = make("jwt secret", secret=True)
        (self.folder / "jwt.secret").write_text(self.jwt_secret)
        self.environment = {
            "CHURN_WEBHOOK_URL": f"http://127.0.0.1:{self.receiver.port}/{make('webhook address', secret=True)}",
            "CHURN_WEBHOOK_SECRET": make("webhook secret", secret=True),
            "CHURN_WEBHOOK_SLACK_URL": f"http://127.0.0.1:{self.receiver.port}/{make('slack address', secret=True)}",
            "CHURN_KAFKA_SASL_PASSWORD": make("broker password", secret=True),
        }
        self.key = self.add_key("admin")
        self.viewer = self.add_key("viewer")
        self.process = self.system.start(
            "--auth", "keys,jwt", "--auth-jwt-issuer", "issuer", "--auth-jwt-audience", "churn",
            "--auth-jwt-secret-file", str(self.folder / "jwt.secret"), "--log-level", "trace",
            "--postgres-statement-timeout-ms", "2000", "--kafka-settings", "debug=all", *self.system.assign(),
            environment=self.environment)
        assert self.process.is_running, self.system.tail()

    def add_key(self, role):
        key = run_churnd("keys", "create", "--name", self.canaries.make(f"name of the {role}'s key"), "--grant", role,
                         *self.system.postgres).stdout.strip()
        self.canaries.secret[f"{role}'s key"] = key.rpartition("_")[2]
        return key

    def public(self, what, text):
        """Something that anyone may come to see: no canary at all may stand in it."""
        self.seen.append((what, text, False))

    def shown(self, what, text):
        """Something whose purpose is to show data, but no secret."""
        self.seen.append((what, text, True))

    def ask(self, method, target, body=None, token=None, headers=None):
        given = {"Authorization": f"Bearer {token or self.key}", "Content-Type": "application/json"} | (headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.process.port, timeout=30)
        try:
            connection.request(method, target, body if isinstance(body, (str, bytes, type(None))) else json.dumps(body),
                               given)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        self.statuses.add(answer.status)
        what = f"{method} {target[:60]}: {answer.status}"
        self.public(f"headers of {what}", f"{answer.reason} {answer.getheaders()}")
        is_shown = answer.status < 300 and SHOWN.match(target)
        (self.shown if is_shown else self.public)(what, text)
        return answer.status, text

    def look(self):
        for target in ("/metrics", "/health/ready", "/health/live", "/openapi.json"):
            self.ask("GET", target)

    def events(self):
        """Good ones, of types that are known and not, and every kind of bad one, each with a canary in it."""
        make = self.canaries.make
        records, details = [], make("event details")
        for number, name in enumerate(self.customers):
            value = {"event_type": "contract_downgrade", "user_id": name, "details": details, make(f"field {number}"): 1,
                     "event_id": make(f"event id {number}"), "extra": {"deep": [make(f"deep {number}")]},
                     "changes": {"tenure": 1, "monthlycharges": 110, "contract": "Month-to-month"}}
            records.append((name.encode(), json.dumps(value).encode(), 0))
        records.append((self.customers[0].encode(), json.dumps(
            {"event_type": make("event type"), "user_id": self.customers[0]}).encode(), 0))
        good = len(records)
        inside = make("bad record")
        for name, key, value in bad_records(self.customers[1]):
            # In the customer's place a canary is one already; in others it is put into the text.
            changed = value and value.replace(b"monthly_anniversary", inside.encode()).replace(b"hello", inside.encode())
            records.append((key, changed, 0))
        stranger = make("unknown customer")
        records.append((stranger.encode(), json.dumps({"event_type": "x", "user_id": stranger}).encode(), 0))
        records.append((make("key that differs").encode(), json.dumps(
            {"event_type": "x", "user_id": self.customers[2]}).encode(), 0))
        records.append((self.customers[3].encode(), json.dumps(
            {"event_type": "x", "user_id": self.customers[3], "changes": {make("feature"): make("value")}}).encode(), 0))
        self.system.topic.produce(records)
        self.system.wait_events(good)
        wait_until(lambda: self.system.database.value("SELECT count(*) FROM dead_letters") >= len(records) - good, 60,
                   "the bad records are dead letters")
        _, history = self.ask("GET", "/api/events/history?limit=1000")
        assert details in history, "the canaries did not get through: nothing would be shown by not finding them"
        wait_until(lambda: any(details in body for body in self.receiver.bodies), 60, "a webhook was notified")

    def requests(self):
        make, first = self.canaries.make, self.customers[0]
        for target in ("/api/customer/" + first, "/api/customer/" + first + "/timeline", "/api/watchlist?search=" + first,
                       "/api/watchlist?search=" + make("search"), "/api/alerts?customer=" + first, "/api/audit",
                       "/api/alerts?assignee=" + make("assignee"), "/api/events/history/export?format=ndjson",
                       "/api/watchlist/export", "/api/webhooks/deliveries", "/api/dashboard-kpis", "/api/models"):
            assert self.ask("GET", target)[0] == 200, target
        text = make("wrong request")
        for target in (f"/api/customer/{text}", f"/api/{text}", f"/api/watchlist?{text}=1", f"/api/watchlist?risk={text}",
                       f"/api/watchlist?sort={text}", f"/api/events/history?before={text}", f"/api/alerts/{text}",
                       f"/api/alerts?status={text}&band={text}", f"/api/customer/{first}/timeline?before={text}",
                       f"/ws/updates?token={text}", f"/ws/updates?cursor={text}", f"/{text}?{text}", f"//{text}/",
                       f"/api/watchlist?search=%00{text}", f"/api/watchlist?search=%zz{text}"):
            self.ask("GET", target)
        for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"):
            self.ask(method, f"/api/customer/{first}?{text}", {"x": text})
        description = make("description")
        self.ask("POST", f"/api/customer/{first}/log-intervention",
                 {"intervention_type": make("kind of intervention"), "description": description, "agent": make("agent")})
        assert description in self.ask("GET", f"/api/customer/{first}")[1]
        # A short plain name of an unknown member is repeated; a name with a sign in it, as an address has, is not.
        name = "of@" + text
        bodies = ['{"' + text, text, {name: 1}, {"customer_id": text}, {"action": text}, {"features": {name: text}},
                  {"customer_id": first, "changes": {name: text}}, {"customer_id": first, name: text},
                  {"features": {"contract": text}}, {"type": text}, {"type": "cursor", "payload": text}, [text],
                  {"version": text, "until": text, "assignee": [text]}, {"customer_id": text, "action": text},
                  {"type": "x", "payload": {"a": text + "\0"}}]
        for target in (f"/api/customer/{first}/log-intervention", "/api/score", "/api/simulate", "/api/broadcast-event",
                       "/api/update-churn-risk", "/api/alerts/1/acknowledge", "/api/alerts/1/assign",
                       "/api/alerts/1/snooze", "/api/alerts/1/resolve", "/api/alerts/1/reopen"):
            for body in bodies:
                self.ask("POST", target, body)
            self.ask("POST", target, text, headers={"Content-Type": text})
            self.ask("POST", target, {"x": text * 6_000})
        assert self.ask("POST", "/api/broadcast-event", {"type": "note", "payload": {"x": make("broadcast")}})[0] == 200
        for headers in ({"User-Agent": text, "Cookie": f"a={text}", "Referer": f"http://{text}/", "X-Request-Id": text},
                        {"Host": f"{text}.example"}, {"Origin": f"http://{text}.example"}, {"Host": f"a b{text}"},
                        {"X-Forwarded-For": text, "traceparent": text, "Expect": text}):
            self.ask("GET", "/api/watchlist", headers=headers)
            self.ask("POST", "/api/score", {"customer_id": first}, headers=headers)

    def tokens(self):
        make, secret = self.canaries.make, self.jwt_secret
        subject = make("subject")
        good = jwt(secret, 600, subject)
        bad = {
            "malformed": make("malformed token", secret=True),
            "unknown key": "churn_" + os.urandom(6).hex() + "_" + os.urandom(32).hex(),
            "key with a wrong end": self.key[:-4] + "0000",
            "expired": jwt(secret, -600, subject), "other issuer": jwt(secret, 600, subject, iss=make("issuer")),
            "other audience": jwt(secret, 600, subject, aud=make("audience")),
            "not signed by us": jwt(make("other secret", secret=True), 600, subject),
            "no roles": jwt(secret, 600, subject, roles=[make("role")]), "odd subject": jwt(secret, 600, [subject]),
        }
        for name, token in [("good", good), *bad.items()]:
            # The signature alone is looked for too: a log might leave out the rest.
            self.canaries.secret[f"token: {name}"] = token.rpartition(".")[2] if "." in token else token
            status, _ = self.ask("GET", "/api/audit", token=token)
            assert status == 200 if name == "good" else status in (401, 403), (name, status)
            self.first_message(token, is_good=name == "good")
        self.ask("GET", "/api/audit", token=self.viewer)
        for value in (f"Basic {bad['malformed']}", f"Bearer {good} {good}", bad["malformed"], f"Bearer\t{good}"):
            self.ask("GET", "/api/audit", headers={"Authorization": value})
        text = make("first message")
        for message in (text, json.dumps({"type": text}), json.dumps({"type": "authenticate", text: text}),
                        json.dumps({"type": "filter", "filter": {"customer": text}}), json.dumps({"token": text})):
            self.first_message(None, message=message)
        self.filters()

    def url(self):
        return f"ws://127.0.0.1:{self.process.port}/ws/updates"

    def first_message(self, token, is_good=False, message=None):
        with connect(self.url()) as socket:
            socket.send(message or json.dumps({"type": "authenticate", "token": token}))
            try:
                frame = socket.recv(10)
                # It shows the bearer of a good token its own name.
                self.shown("frame after sign-in", frame)
                assert is_good, f"data came before a good token: {frame}"
            except ConnectionClosed as closed:
                assert not is_good
                self.public("reason of a close", str(closed))
        try:
            with connect(self.url(), additional_headers={"Authorization": f"Bearer {token or message}"}):
                assert is_good
        except (InvalidStatus, ValueError) as refused:
            self.public("refusal of a handshake", str(refused) if isinstance(refused, InvalidStatus) else "")

    def filters(self):
        """Commands with canaries, and texts that are none; answers to a filter repeat it, errors repeat nothing."""
        text = self.canaries.make("command")
        with connect(self.url(), additional_headers={"Authorization": f"Bearer {self.key}"}) as socket:
            for message in ({"type": "filter", "filter": {"customer": text}}, {"type": text}, {"type": "filter", text: 1},
                            {"type": "filter", "filter": {text: "x"}}, {"type": "conflate", "by": text}):
                socket.send(json.dumps(message))
                time.sleep(0.12)
            answers = []
            while len(answers) < 6:
                answers.append(socket.recv(10))
        for answer in answers:
            (self.shown if json.loads(answer)["type"] == "filter" else self.public)("answer to a command", answer)

    def broken_database(self):
        """Errors of the database that name rows: a trigger that discloses rows, a missing table, cut connections."""
        row = self.canaries.make("row in an SQL error")
        function = """
            CREATE FUNCTION disclose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION 'row % has {0}', NEW USING DETAIL = 'detail {0}', HINT = 'hint {0}', ERRCODE = '{1}',
                    CONSTRAINT = 'a_constraint', TABLE = 'a_table';
            END $$"""
        with self.system.database.connect() as database:
            for code in ("23514", "22000", "40001", "XX000"):
                database.execute(function.format(row, code))
                for table in ("intervention_log", "event_log"):
                    database.execute(f"CREATE TRIGGER disclose BEFORE INSERT ON {table} "
                                     "FOR EACH ROW EXECUTE FUNCTION disclose()")
                status, _ = self.ask("POST", f"/api/customer/{self.customers[5]}/log-intervention",
                                     {"description": self.canaries.make(f"description {code}")})
                assert status >= 500, status
                self.system.topic.produce([(self.customers[5].encode(), json.dumps(
                    {"event_type": "x", "user_id": self.customers[5],
                     "details": self.canaries.make(f"details {code}")}).encode(), 0)])
                time.sleep(1)
                self.look()
                database.execute("DROP FUNCTION disclose CASCADE")
            database.execute("ALTER TABLE alert_states RENAME TO alert_states_gone")
            status, _ = self.ask("GET", f"/api/alerts?assignee={self.canaries.make('assignee of no table')}")
            assert status >= 500, status
            database.execute("ALTER TABLE alert_states_gone RENAME TO alert_states")
            for _ in range(3):
                database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                 "WHERE datname = current_database() AND pid <> pg_backend_pid()")
                self.ask("GET", f"/api/customer/{self.customers[6]}")
                self.look()
        wait_until(lambda: self.ask("GET", f"/api/customer/{self.customers[6]}")[0] == 200, 30, "the store is back")

    def commands(self):
        """Other commands of churnd, most of them failing, at the lowest level of the log."""
        url, trace = self.system.database.url, ["--log-level", "trace"]
        closed = re.sub(r":\d+/", f":{free_port()}/", url)
        missing = url.rpartition("/")[0] + "/no_such_database"
        text = self.canaries.make("address of a wrong webhook", secret=True)
        for arguments in (
                ["check", "--postgres-url", url], ["check", "--postgres-url", closed], ["migrate", "--postgres-url", closed],
                ["migrate", "--postgres-url", missing], ["migrate", "--postgres-url", "postgres://" + missing],
                ["keys", "list", "--postgres-url", closed], ["keys", "revoke", "nobody", "--postgres-url", url],
                ["dead-letters", "list", "--postgres-url", url], ["dead-letters", "retry", *self.system.arguments],
                ["prune", "--postgres-url", url], ["import", "/no/such/file", "--postgres-url", url]):
            done = run_churnd(*arguments, *trace, environment=self.environment, check=False, seconds=60)
            self.public("churnd " + " ".join(arguments[:2]), done.stdout + done.stderr)
        done = run_churnd("run", *self.system.arguments, "--auth", "none", "--http-port", "0", *trace, check=False,
                          environment=self.environment | {"CHURN_WEBHOOK_URL": f"ftp://{text}", "CHURN_HTTP_PORT": "none"})
        assert done.returncode != 0
        self.public("churnd run with wrong values", done.stdout + done.stderr)

    def faults(self):
        """Every canary that stands where none may."""
        for log in self.folder.glob("*.log"):
            self.public(log.name, log.read_text(errors="replace"))
        found = []
        for what, text, is_shown in self.seen:
            for name in self.canaries.hits(text, secrets_only=is_shown):
                canary = (self.canaries.secret | self.canaries.personal)[name]
                at = max(0, min((text.find(form) for form in forms(canary) if form in text)))
                found.append(f"{what} shows the {name}: ...{text[max(0, at - 160):at + 60]!r}")
        return found

    def close(self):
        self.receiver.close()
        self.system.close()


def run(server_url, brokers, bundle, customers, folder):
    """Figures and faults of one run."""
    run = Run(server_url, brokers, bundle, customers, folder)
    try:
        for step in (run.events, run.requests, run.tokens, run.look, run.broken_database, run.look):
            step()
        assert run.process.stop() == 0, run.system.tail()
        run.commands()
        found = run.faults()
        shown = "".join(text for _, text, is_shown in run.seen if is_shown)
        return {"secrets": len(run.canaries.secret), "personal": len(run.canaries.personal), "texts": len(run.seen),
                "log_bytes": sum(path.stat().st_size for path in run.folder.glob("*.log")),
                "statuses": sorted(run.statuses), "shown": len(run.canaries.hits(shown))}, found
    finally:
        run.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    found = []
    with tempfile.TemporaryDirectory(prefix="churn-canary.") as name:
        folder = pathlib.Path(name)
        run_churnd("population", "--count", "1000", "--seed", "11", "--output", str(folder / "customers.csv"))
        run_churnd("train", str(folder / "customers.csv"), "--output", str(folder / "bundle"), "--seed", "1")
        for number in range(rounds):
            (folder / str(number)).mkdir()
            figures, faults = run(os.environ["CHURN_TEST_POSTGRES_URL"], os.environ["CHURN_TEST_KAFKA_BROKERS"],
                                  folder / "bundle", folder / "customers.csv", folder / str(number))
            print(json.dumps(figures), flush=True)
            found += faults
    print("\n".join(found[:50]))
    print(f"canary: {rounds} rounds, {len(found)} hits")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
