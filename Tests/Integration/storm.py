#!/usr/bin/env python3
"""A reconnect storm: all clients of the feed are cut off at once and come back with their cursors, again and again.

    Scripts/with-servers.sh python Tests/Integration/storm.py [--clients 5000] [--rounds 20] [--each 40]

While they are away more is written. Each client follows the chain of previous numbers: after the last round it must have
every update once, and must have seen no gap. The history is in the server's ring all the while, so no client
may cost a read of the database: churn_updates_log_pages_total counts such reads. In one more round the server itself is
killed and started again, with an empty ring: then the log has to be read, which is only reported. Prints JSON.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import select
import socket
import struct
import sys
import time
import urllib.request

from client_frames import CLOSE, PING, PONG, TEXT, ask_upgrade, whole_frames
from harness import free_port, is_ready, trained_system, wait_until

RESET = struct.pack("ii", 1, 0)


class Frames:
    """What frames say, read once for each distinct frame: all clients get the same bytes."""

    def __init__(self):
        self.known = {}

    def read(self, data):
        meaning = self.known.get(data)
        if meaning is None:
            frame = json.loads(data)
            payload = frame.get("payload", {})
            if frame["type"] in ("churn_alert", "new_event"):
                meaning = ("update", payload["partition"], payload["number"], payload["previous"])
            else:
                meaning = (frame["type"], payload.get("cursor"), None, None)
            self.known[data] = meaning
        return meaning


class Client:
    """Keeps what came up to its last cursor; what came after it comes again."""

    def __init__(self, frames):
        self.frames = frames
        self.cursor = None
        self.last, self.count = {}, 0
        self.committed = ({}, 0)
        self.holes = self.repeats = self.gaps = self.refusals = 0
        self.closes = []
        self.socket = None

    def connect(self, port):
        """Begins a connection and its handshake; the answer is read later."""
        self.last, self.count = dict(self.committed[0]), self.committed[1]
        self.buffer, self.is_open, self.has_cursor = b"", False, False
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        query = f"?cursor={self.cursor}" if self.cursor else ""
        ask_upgrade(self.socket, port, f"/ws/updates{query}")
        self.socket.setblocking(False)

    def cut(self):
        """Breaks the connection with a reset, as a dead network does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.socket.close()

    def read(self):
        """Takes what came; false once the server has ended the connection."""
        try:
            piece = self.socket.recv(1 << 18)
        except BlockingIOError:
            return True
        except OSError:
            piece = b""
        self.buffer += piece
        if not self.is_open:
            head, mark, rest = self.buffer.partition(b"\r\n\r\n")
            if mark:
                if not head.startswith(b"HTTP/1.1 101"):
                    self.refusals += 1
                    return False
                self.is_open, self.buffer = True, rest
        if self.is_open:
            self._take()
        return bool(piece)

    def _take(self):
        data = self.buffer
        frames, at = whole_frames(data)
        for first, start, end in frames:
            if first == TEXT:
                self._text(data[start:end])
            elif first == PING:
                self.socket.send(PONG)
            elif first == CLOSE:
                self.closes.append(struct.unpack(">H", data[start:start + 2])[0] if end > start else None)
        self.buffer = data[at:]

    def _text(self, payload):
        kind, partition, number, previous = self.frames.read(payload)
        if kind == "cursor":
            self.cursor, self.has_cursor = partition, True
            self.committed = (dict(self.last), self.count)
        elif kind == "gap":
            self.gaps += 1
        elif kind == "update":
            known = self.last.get(partition)
            if known is not None and number <= known:
                self.repeats += 1
                return
            if previous != known:
                self.holes += 1
            self.last[partition] = number
            self.count += 1


class Crowd:
    def __init__(self, count):
        frames = Frames()
        self.clients = [Client(frames) for _ in range(count)]
        self.poll = select.epoll()
        self.by_number = {}

    def connect(self, port):
        """All at once; those that the server refuses come again."""
        for index, client in enumerate(self.clients):
            self._open(client, port)
            if index % 50 == 49:
                self.turn(0, port)

    def _open(self, client, port):
        client.connect(port)
        self.by_number[client.socket.fileno()] = client
        self.poll.register(client.socket.fileno(), select.EPOLLIN)

    def turn(self, seconds, port=None):
        for number, _ in self.poll.poll(seconds):
            client = self.by_number[number]
            if not client.read():
                self._forget(client)
                client.socket.close()
                if port:
                    self._open(client, port)

    def _forget(self, client):
        number = client.socket.fileno()
        self.poll.unregister(number)
        del self.by_number[number]

    def cut(self):
        for client in list(self.by_number.values()):
            self._forget(client)
            client.cut()

    def until(self, condition, seconds, port):
        """Reads until the condition holds for every client; how long that took, or None."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            self.turn(0.05, port)
            if all(condition(client) for client in self.clients):
                return time.monotonic() - start
        return None

    def total(self, name):
        return sum(getattr(client, name) for client in self.clients)


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        found = re.search(rf"^{name} (\S+)$", answer.read().decode(), re.M)
    return float(found.group(1)) if found else 0.0


def memory(process, name):
    return int(re.search(rf"^{name}:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text(), re.M).group(1))


def run(system, clients, rounds, each, seconds=120):
    """Figures and faults."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port = free_port()
    # All of them come from one address here, which one address would not be allowed in production.
    flags = ["--role", "serve", "--http-requests-per-second-per-address", "1000000", "--http-port", str(port)]

    def serve(name):
        process = system.start(*flags, name=name, serve=False)
        wait_until(lambda: is_ready(port) or not process.is_running, 60, "the server is ready")
        return process

    server = serve("server")
    worker = system.start("--role", "process", "--batch-size", "50", *system.assign(), name="worker")
    crowd, faults, written = Crowd(clients), [], 0

    def write():
        nonlocal written
        written += each
        system.simulate(each, seed=written)

    def settle(what, limit=seconds):
        """All have everything that was written."""
        took = crowd.until(lambda client: client.count >= written, limit, port)
        if took is None:
            late = sum(client.count < written for client in crowd.clients)
            faults.append(f"{what}: {late} clients had not everything after {limit} s")
        return took

    crowd.connect(port)
    if crowd.until(lambda client: client.has_cursor, seconds, port) is None:
        return {}, ["not all clients got their first cursor"]
    pages, recoveries = metric(port, "churn_updates_log_pages_total"), []
    for number in range(rounds):
        write()
        settle(f"round {number}, before the cut")
        # In the middle of what is being sent: some have it, some have a part of it.
        write()
        crowd.turn(0)
        crowd.cut()
        write()
        system.wait_events(written)
        start = time.monotonic()
        crowd.connect(port)
        if settle(f"round {number}, after the cut") is not None:
            recoveries.append(time.monotonic() - start)
    reads = metric(port, "churn_updates_log_pages_total") - pages
    figures = {"clients": clients, "rounds": rounds, "ring_reads_per_client": reads / clients / rounds,
               "recovery_s_median": round(sorted(recoveries)[len(recoveries) // 2], 2) if recoveries else None,
               "recovery_s_most": round(max(recoveries), 2) if recoveries else None,
               "server_peak_rss_kib": memory(server.process, "VmHWM")}
    if reads:
        faults.append(f"{reads} pages of the log were read for clients although the ring reached back")
    server.kill()
    crowd.turn(0.1)
    crowd.cut()
    write()
    system.wait_events(written)
    server = serve("server-again")
    start = time.monotonic()
    crowd.connect(port)
    settle("after the server's death")
    figures |= {"updates": written, "new_server_recovery_s": round(time.monotonic() - start, 2),
                "new_server_reads_per_client": metric(port, "churn_updates_log_pages_total") / clients,
                **{name: crowd.total(name) for name in ("holes", "gaps", "repeats", "refusals")}}
    faults += [f"{figures[name]} {name}" for name in ("holes", "gaps", "repeats") if figures[name]]
    if any(client.count != written for client in crowd.clients):
        faults.append("not every client has every update once")
    crowd.cut()
    for name, process in (("server-again", server), ("worker", worker)):
        if process.stop() != 0:
            faults.append(f"{name} did not end with 0:\n{system.tail(name)}")
    return figures, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--each", type=int, default=40, help="updates written before, at and after each cut")
    options = parser.parse_args()
    with trained_system("storm") as system:
        figures, faults = run(system, options.clients, options.rounds, options.each)
    print(json.dumps(figures | {"load": os.getloadavg()}, indent=1))
    print("\n".join(faults) or "storm: no hole, no gap, no repeat")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
