"""Webhooks: a kill between sending and writing down repeats the message, with the same key and the same bytes."""

import collections
import http.server
import signal
import threading

from harness import wait_until


class Receiver:
    """An HTTP server that keeps what it gets; `before_answer` runs while the sender waits for its answer."""

    def __init__(self):
        self.messages = []
        self.lock = threading.Lock()
        self.before_answer = lambda number: None
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    receiver.messages.append((self.headers["Idempotency-Key"], body))
                    number = len(receiver.messages)
                receiver.before_answer(number)
                try:
                    self.send_response(204)
                    self.end_headers()
                except OSError:
                    pass  # the sender was killed while it waited

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def pending(system):
    """How many cases have no finished delivery."""
    return system.database.value(
        "SELECT count(*) FROM event_log l WHERE became_at_risk AND NOT EXISTS (SELECT FROM webhook_deliveries d"
        " WHERE d.event_id = l.event_id AND d.status = 'delivered')")


def test_a_kill_between_sending_and_writing_down_repeats_the_message_with_its_key(new_system):
    system = new_system()
    receiver = Receiver()
    arguments = [
        *system.assign(), "--webhook-url", f"http://127.0.0.1:{receiver.port}/hook",
        "--webhook-secret", "0123456789abcdef", "--webhook-timeout-ms", "1000"]
    victim = system.start(*arguments, name="victim")
    # Cases of before it first ran are none of its business: wait until it follows the updates.
    wait_until(
        lambda: system.database.value("SELECT count(*) FROM export_progress") > 0, 30, "the webhook has its cursor")

    def kill_once(number):
        if number == 3:
            victim.signal(signal.SIGKILL)
            victim.process.wait(20)

    receiver.before_answer = kill_once
    system.simulate(3_000)
    wait_until(lambda: not victim.is_running, 60, "the victim was killed while it waited for an answer")
    written = system.database.value("SELECT count(*) FROM webhook_deliveries WHERE status = 'delivered'")
    assert written <= 2, "a message was written down before its answer"
    heir = system.start(*arguments, name="heir")
    system.wait_events(3_000)
    wait_until(lambda: pending(system) == 0, 90, "every case was delivered")
    assert heir.stop() == 0, system.tail("heir")
    receiver.close()
    with system.database.connect() as database:
        rows = database.execute("SELECT delivery_key, status FROM webhook_deliveries").fetchall()
    cases = system.database.value("SELECT count(*) FROM event_log WHERE became_at_risk")
    assert cases > 10 and len(rows) == cases and {status for _, status in rows} == {"delivered"}
    bodies = collections.defaultdict(list)
    for key, body in receiver.messages:
        bodies[key].append(body)
    assert set(bodies) == {key for key, _ in rows}, "an unknown key, or a case that was never delivered"
    assert all(len(set(found)) == 1 for found in bodies.values()), "a repeated message has other bytes"
    again = [key for key, found in bodies.items() if len(found) > 1]
    assert receiver.messages[2][0] in again, "what was sent and not written down did not come again"
    # Only what was on its way may come twice: four at once, as configured.
    assert len(again) <= 4, f"{len(again)} messages were repeated"
