"""Twelve outages of what `churnd run` depends on, begun and ended one after the other beside one process.

    Scripts/with-servers.sh .work/venv/bin/python Tests/Integration/outages.py

prints a table in Markdown: the component on the health board, readiness during the outage, and after how many seconds
health, log and metric showed its beginning and its end. A full disk is a trigger that raises PostgreSQL's error of one,
and a wrong clock a function of the database that adds a minute, since neither can be had without owning the machine; a
lost log-in is a changed password where the server's pg_hba.conf may be written, else a role that may not log in.
"""

import contextlib
import http.server
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import psycopg

from cut_proxy import CutProxy
from harness import ROOT, Churnd, Topic, free_port, required, run_churnd, train_bundle, wait_until

LIMIT = 10
ROLE, PASSWORD = "outage_app", "outage-password"


class Gate(CutProxy):
    """A relay on a port that stays the same, which can be shut like a server that ended."""

    def shut(self):
        # A thread that accepts wakes only by this.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()


class Receiver:
    """A webhook's receiver that can refuse."""

    def __init__(self):
        self.status = 204
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Scene:
    """One process behind gates, with everything that can fail under it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.cleanups = contextlib.ExitStack()
        self.server_url = required("CHURN_TEST_POSTGRES_URL")
        self.start_broker()
        self.make_database()
        self.bundle, customers = train_bundle(folder)
        self.domain = self.folder / "domain.yaml"
        shutil.copy(ROOT / "Examples" / "Domains" / "telco.yaml", self.domain)
        self.receiver = Receiver()
        self.make_certificate()
        run_churnd("migrate", "--postgres-url", self.url)
        run_churnd("import", str(customers), "--postgres-url", self.url)
        with psycopg.connect(self.admin_url) as database:
            rows = database.execute("SELECT customerid FROM users ORDER BY 1").fetchall()
        self.customers = iter([row[0] for row in rows])

    def start_broker(self):
        port = free_port()
        self.kafka = Gate(port)
        script = str(ROOT / "Scripts" / "kafka-broker.sh")
        started = subprocess.run(
            [script, "start", str(port), "--advertised", f"127.0.0.1:{self.kafka.port}", "--log",
             str(self.folder / "broker.log")],
            check=True, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        process = started.stdout.split()[0]
        self.cleanups.callback(lambda: subprocess.run([script, "stop", process], check=False))
        self.topic = Topic(f"127.0.0.1:{self.kafka.port}", 1)

    def make_database(self):
        parts = psycopg.conninfo.conninfo_to_dict(self.server_url)
        self.server = psycopg.connect(self.server_url, autocommit=True)
        self.cleanups.callback(self.server.close)
        self.name = "churn_outages"
        self.server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.server.execute(f"DROP ROLE IF EXISTS {ROLE}")
        self.server.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")
        self.server.execute(f"CREATE DATABASE {self.name} OWNER {ROLE}")
        self.cleanups.callback(lambda: self.server.execute(f"DROP ROLE IF EXISTS {ROLE}"))
        self.cleanups.callback(lambda: self.server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))
        self.admin_url = psycopg.conninfo.make_conninfo(self.server_url, dbname=self.name)
        self.postgres = Gate(int(parts["port"]))
        self.url = f"postgres://{ROLE}:{PASSWORD}@127.0.0.1:{self.postgres.port}/{self.name}"
        self.has_passwords = self.ask_for_passwords()

    def ask_for_passwords(self):
        """Has the server ask this role for its password; whether it could be done."""
        path = pathlib.Path(self.server.execute("SHOW hba_file").fetchone()[0])
        try:
            before = path.read_text()
            path.write_text(f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n{before}")
        except OSError:
            return False

        def restore():
            path.write_text(before)
            self.server.execute("SELECT pg_reload_conf()")

        self.cleanups.callback(restore)
        self.server.execute("SELECT pg_reload_conf()")
        return True

    def make_certificate(self):
        self.certificate, self.key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj", "/CN=localhost",
             "-keyout", str(self.key), "-out", str(self.certificate)],
            check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def start(self):
        self.admin = free_port()
        self.log = self.folder / "churnd.log"
        self.process = Churnd(
            ["run", "--postgres-url", self.url, "--kafka-brokers", self.topic.brokers, "--kafka-topic",
             self.topic.name, "--kafka-assign", "all", "--model", str(self.bundle), "--models-poll-seconds", "1",
             "--domain", str(self.domain), "--auth", "none", "--http-port", str(free_port()), "--http-admin-port",
             str(self.admin), "--http-tls-certificate-file", str(self.certificate), "--http-tls-key-file",
             str(self.key), "--webhook-url", f"http://127.0.0.1:{self.receiver.port}/hook", "--webhook-secret",
             "0123456789abcdef", "--alert-threshold", "0.01"],
            self.log)
        self.cleanups.callback(lambda: self.process.is_running and self.process.kill())
        wait_until(lambda: self.look()[0] == 200 or not self.process.is_running, 60, "churnd is ready")
        assert self.process.is_running, self.log.read_text()[-2000:]
        wait_until(
            lambda: all(part["status"] == "healthy" for part in self.look()[1].values()), 30, "every part is healthy")

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def look(self):
        """Readiness and the components."""
        status, text = self.get("/health/ready")
        return status, json.loads(text).get("components", {}) if text else {}

    def metric(self, component):
        found = re.search(
            rf'^churn_component_health{{component="{re.escape(component)}"}} (\S+)$', self.get("/metrics")[1], re.M)
        return float(found.group(1)) if found else None

    def lines(self, offset):
        with open(self.log, "rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace").splitlines()

    def send(self):
        """An event each of some customers of whom nothing was sent before: all of them become at risk."""
        events = [next(self.customers) for _ in range(5)]
        self.topic.produce([
            (name.encode(), json.dumps({"event_type": "contract_downgrade", "user_id": name}).encode(), None)
            for name in events])

    def execute(self, *statements, forget=False):
        """As the administrator of the database, past the gate."""
        with psycopg.connect(self.admin_url, autocommit=True) as database:
            for statement in statements:
                database.execute(statement)
            if forget:
                database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ROLE])

    def close(self):
        self.cleanups.close()


def outages(scene):
    """Name, component, whether the process stays ready, what begins it and what ends it."""
    seal = scene.bundle / "manifest.sha256"
    away = seal.with_suffix(".away")
    domain, certificate = scene.domain.read_text(), scene.certificate.read_text()

    def login(works):
        if scene.has_passwords:
            scene.execute(f"ALTER ROLE {ROLE} PASSWORD '{PASSWORD if works else 'another'}'", forget=not works)
        else:
            scene.execute(f"ALTER ROLE {ROLE} {'LOGIN' if works else 'NOLOGIN'}", forget=not works)

    def refuse_deliveries():
        scene.receiver.status = 503
        scene.send()

    def take_deliveries():
        scene.receiver.status = 204
        scene.send()

    def then_send(*statements):
        scene.execute(*statements)
        scene.send()

    full = ("CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$")
    trigger = ("CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON stream_positions"
               " EXECUTE FUNCTION disk_is_full()")
    clock = "pg_catalog.clock_timestamp()"
    return [
        # First, while no position but 0 is stored: a topic that is made again would not reach another.
        ("topic", "source", False, scene.topic.delete, scene.topic.create),
        ("broker", "source", False, scene.kafka.shut, scene.kafka.open),
        ("database down", "database", False, scene.postgres.shut, scene.postgres.open),
        ("password", "database", False, lambda: login(False), lambda: login(True)),
        ("read-only", "database", False,
         lambda: scene.execute(
             f"ALTER DATABASE {scene.name} SET default_transaction_read_only = on", forget=True),
         lambda: scene.execute(
             "SET default_transaction_read_only = off",
             f"ALTER DATABASE {scene.name} RESET default_transaction_read_only", forget=True)),
        ("disk full", "pipeline.write", False, lambda: then_send(full, trigger),
         lambda: scene.execute("DROP FUNCTION disk_is_full CASCADE")),
        ("privileges", "pipeline.write", False, lambda: then_send(f"REVOKE INSERT ON event_log FROM {ROLE}"),
         lambda: scene.execute(f"GRANT INSERT ON event_log TO {ROLE}")),
        ("model", "model", True, lambda: seal.rename(away), lambda: away.rename(seal)),
        ("domain", "domain", True, lambda: scene.domain.write_text("nonsense"),
         lambda: scene.domain.write_text(domain)),
        ("webhook", "webhook.generic", True, refuse_deliveries, take_deliveries),
        ("certificate", "certificate", True, lambda: scene.certificate.write_text("nonsense"),
         lambda: scene.certificate.write_text(certificate)),
        ("clock", "clock", True,
         lambda: scene.execute(
             f"ALTER FUNCTION {clock} RENAME TO real_clock_timestamp",
             f"CREATE FUNCTION {clock} RETURNS timestamptz LANGUAGE sql"
             " AS $$ SELECT pg_catalog.real_clock_timestamp() + interval '1 minute' $$", forget=True),
         lambda: scene.execute(
             f"DROP FUNCTION {clock}",
             "ALTER FUNCTION pg_catalog.real_clock_timestamp() RENAME TO clock_timestamp", forget=True)),
    ]


def watch(scene, component, signs):
    """Waits until each sign shows; the seconds after which each did, None for one that did not in time."""
    start, seen = time.monotonic(), {}
    while len(seen) < len(signs) and time.monotonic() - start < LIMIT:
        for name, sign in signs.items():
            if name not in seen and sign():
                seen[name] = time.monotonic() - start
        time.sleep(0.1)
    return {name: seen.get(name) for name in signs}


def run_outage(scene, outage):
    """Begins and ends one outage; a row of the table and the signs that did not show."""
    name, component, stays_ready, begin, end = outage
    mark = f"churn.component={component} "
    shown = {}

    def state():
        return scene.look()[1].get(component, {}).get("status")

    def logged(offset, level, text):
        found = [line for line in scene.lines(offset)
                 if f" {level}" in line and mark in line + " " and text in line.lower()]
        shown[level] = found[-1] if found else shown.get(level, "")
        return bool(found)

    offset = scene.log.stat().st_size
    begin()
    began = watch(scene, component, {
        "readiness": lambda: state() in ("failing", "degraded") and (scene.look()[0] == 200) == stays_ready,
        "log": lambda: logged(offset, "warning", "work"),
        "metric": lambda: scene.metric(component) in (0, 0.5)})
    status = scene.look()[0]
    offset = scene.log.stat().st_size
    end()
    ended = watch(scene, component, {
        "readiness": lambda: state() == "healthy" and scene.look()[0] == 200,
        "log": lambda: logged(offset, "notice", "working again after"),
        "metric": lambda: scene.metric(component) == 1})
    missing = [f"{name}: {sign} at its {moment}" for moment, signs in (("beginning", began), ("end", ended))
               for sign, seconds in signs.items() if seconds is None]
    if not scene.process.is_running:
        missing.append(f"{name}: churnd ended")
    # What else failed with it is not carried into the next.
    with contextlib.suppress(AssertionError):
        wait_until(lambda: all(part["status"] == "healthy" for part in scene.look()[1].values()), 20, "all is well")
    reason = re.search(r"churn\.reason=(.*?)(?: churn\.|\s\[|$)", shown.get("warning", ""))
    cells = [name, component, str(status), *(f"{began[sign]:.1f} / {ended[sign]:.1f}"
             if None not in (began[sign], ended[sign]) else "MISSING" for sign in ("readiness", "log", "metric")),
             (reason.group(1) if reason else "").replace("|", "/")]
    return "| " + " | ".join(cells) + " |", missing


HEAD = ["| Outage | Component | Readiness | Health, s | Log, s | Metric, s | Reason in the log |",
        "|---|---|---|---|---|---|---|"]


def run_all():
    """Runs all outages; the table and what is missing of it."""
    with tempfile.TemporaryDirectory(prefix="churn-outages.") as folder:
        scene = Scene(folder)
        try:
            scene.start()
            rows, missing = [], []
            for outage in outages(scene):
                row, lacks = run_outage(scene, outage)
                rows.append(row)
                missing += lacks
                print(row, file=sys.stderr, flush=True)
                if not scene.process.is_running:
                    missing.append("\n".join(scene.lines(0)[-20:]))
                    break
            return "\n".join(HEAD + rows), missing
        finally:
            scene.close()


if __name__ == "__main__":
    table, missing = run_all()
    print(table)
    sys.exit("\n".join(missing) if missing else 0)
