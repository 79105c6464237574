"""Subscribers of the live feed over two independent WebSocket libraries, and what a client must do to resume."""

import asyncio
import contextlib
import json

import aiohttp
import websockets
from websockets.exceptions import ConnectionClosed


class Connection:
    """Texts from the server, and a way to break the connection without saying good-bye."""

    def __init__(self, receive, send, cut):
        self.receive, self.send, self.cut = receive, send, cut


@contextlib.asynccontextmanager
async def over_websockets(url):
    async with websockets.connect(url, max_size=None, open_timeout=10) as socket:
        yield Connection(socket.recv, socket.send, lambda: socket.transport.abort())


@contextlib.asynccontextmanager
async def over_aiohttp(url):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, max_msg_size=0) as socket:
            async def receive():
                message = await socket.receive()
                if message.type != aiohttp.WSMsgType.TEXT:
                    raise ConnectionError(f"{message.type.name}: {message.data}")
                return message.data

            yield Connection(receive, socket.send_str, lambda: socket._writer.transport.abort())


LIBRARIES = {"websockets": over_websockets, "aiohttp": over_aiohttp}


class Subscriber:
    """Follows the feed through cuts.

    It keeps what came up to the last cursor frame; what came after it comes again once it resumes, so that whatever
    it keeps twice, or never, is the server's fault.
    """

    def __init__(self, connect, urls, query=""):
        self.connect, self.urls, self.query = connect, urls, query
        self.cursor = None
        self.kept = []
        self.pending = []
        self.gaps = []
        self.connections = 0

    @property
    def updates(self):
        return self.kept + self.pending

    def take(self, text):
        frame = json.loads(text)
        payload = frame.get("payload", {})
        if frame["type"] == "cursor":
            self.cursor = payload["cursor"]
            self.kept += self.pending
            self.pending = []
        elif frame["type"] == "gap":
            self.gaps.append((payload["partition"], payload["from"], payload["to"]))
        elif frame["type"] in ("churn_alert", "new_event"):
            self.pending.append((payload["partition"], payload["number"]))

    async def session(self, is_done):
        """Connects to the next node and reads until `is_done`, then breaks the connection."""
        url = self.urls[self.connections % len(self.urls)] + "?" + self.query
        if self.cursor:
            url += f"&cursor={self.cursor}"
        self.pending = []
        self.connections += 1
        with contextlib.suppress(ConnectionClosed, ConnectionError):
            async with self.connect(url) as connection:
                while not is_done():
                    with contextlib.suppress(asyncio.TimeoutError):
                        self.take(await asyncio.wait_for(connection.receive(), 0.5))
                connection.cut()

    async def follow(self, is_complete, frames_a_session, seconds):
        """Is cut off after this many frames of each session, until `is_complete` or the time is up."""
        end = asyncio.get_running_loop().time() + seconds

        def is_over():
            return is_complete(self) or asyncio.get_running_loop().time() > end

        while not is_over():
            await self.session(lambda: is_over() or len(self.pending) >= frames_a_session and self.connections < 12)
