"""A WebSocket client that resumes by cursor and checks every update against the chain of previous numbers."""

import asyncio
import json
import threading
import time

import websockets


class UpdateReader:
    """Runs in a thread; `seen` counts updates by (partition, number), `faults` says what broke the promise."""

    def __init__(self, url):
        self.url = url
        self.cursor = None
        self.last = {}
        self.count = 0
        self.repeats = 0
        self.connections = 0
        self.faults = []
        self.delays = []
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self):
        self._thread.start()
        return self

    def wait_connected(self, seconds=20):
        assert self._ready.wait(seconds), "the WebSocket client never connected"

    def stop(self):
        self._stop.set()
        self._thread.join(20)

    def wait_count(self, count, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.count < count and not self.faults:
            time.sleep(0.05)
        return self.count

    async def _run(self):
        while not self._stop.is_set():
            try:
                url = self.url if self.cursor is None else f"{self.url}?cursor={self.cursor}"
                async with websockets.connect(url, max_size=None, open_timeout=5, ping_interval=None) as socket:
                    self.connections += 1
                    await self._read(socket)
            except (OSError, asyncio.TimeoutError, websockets.exceptions.WebSocketException):
                await asyncio.sleep(0.05)

    async def _read(self, socket):
        while not self._stop.is_set():
            try:
                text = await asyncio.wait_for(socket.recv(), 0.5)
            except asyncio.TimeoutError:
                continue
            self._take(json.loads(text))

    def _take(self, frame):
        kind, payload = frame["type"], frame.get("payload", {})
        if kind == "cursor":
            self.cursor = payload["cursor"]
            self._ready.set()
        elif kind == "gap":
            self.faults.append(f"gap: {payload}")
        elif kind in ("churn_alert", "new_event"):
            self._check(payload)

    def _check(self, payload):
        partition, number, previous = payload["partition"], payload["number"], payload["previous"]
        known = self.last.get(partition)
        if known is not None and number <= known:
            # A resume begins at the last cursor frame; what came after it comes again and is recognised.
            if self.connections == 1:
                self.faults.append(f"repeat of {partition}/{number} without a reconnect")
            self.repeats += 1
            return
        if previous != known and not (known is None and self.count == 0 and previous is None):
            if known is not None or previous is not None:
                self.faults.append(f"hole in partition {partition}: {number} follows {known}, names {previous}")
        self.last[partition] = number
        self.count += 1
