"""Many WebSocket clients in one thread over epoll: little work for each frame, so that the server is what is measured."""

import pathlib
import select
import socket
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "Integration"))

from client_frames import CLOSE, PING, PONG, TEXT, ask_upgrade, whole_frames  # noqa: E402


class Client:
    """One connection; counts its frames, and notes when each of those that carry `sent` came."""

    def __init__(self, port, path, reads=True):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        if not reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ask_upgrade(self.socket, port, path)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.socket.recv(4096)
            assert piece, "the server ended the handshake"
            head += piece
        head, self.buffer = head.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101"), head[:80]
        self.frames = 0
        self.delays = []
        self.is_open = True
        self.socket.setblocking(False)
        if self.buffer:
            self.take(b"")

    def read(self):
        try:
            piece = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if piece:
            self.take(piece)
        else:
            self.is_open = False

    def take(self, piece):
        now = time.monotonic()
        data = self.buffer + piece if self.buffer else piece
        frames, at = whole_frames(data)
        for first, start, _ in frames:
            if first == TEXT:
                mark = data.find(b'"sent":"', start, start + 120)
                if mark > 0:
                    self.frames += 1
                    self.delays.append(now - float(data[mark + 8:mark + 26]))
            elif first == PING:
                self.socket.send(PONG)
            elif first == CLOSE:
                self.is_open = False
        self.buffer = data[at:]


class Counter(Client):
    """Counts its frames by their mark and looks no further, so that many of them leave the machine to the server."""

    MARK = b'"sent":"'

    def take(self, piece):
        data = self.buffer + piece
        self.frames += data.count(self.MARK)
        # The beginning of a mark may be the end of this piece.
        self.buffer = data[1 - len(self.MARK):]
        if piece[:1] == bytes([PING]):
            self.socket.send(PONG)


class Crowd:
    """Clients that are served together."""

    def __init__(self, port, path):
        self.port, self.path = port, path
        self.poll = select.epoll()
        self.clients = {}
        self.stalled = []

    def add(self, count, timed=None):
        """Adds readers, of whom only this many note the delays; all of them without a number."""
        step = max(1, count // timed) if timed else 1
        for index in range(count):
            client = (Client if index % step == 0 else Counter)(self.port, self.path)
            self.clients[client.socket.fileno()] = client
            self.poll.register(client.socket.fileno(), select.EPOLLIN)
            if index % 100 == 99:
                self.turn(0)

    def add_stalled(self, count):
        self.stalled += [Client(self.port, self.path, reads=False) for _ in range(count)]

    def turn(self, seconds):
        """Reads what there is, and waits that long for something."""
        ready = [self.clients[number] for number, _ in self.poll.poll(seconds)]
        # Who notes the time does not wait for who only counts.
        for client in sorted(ready, key=lambda client: isinstance(client, Counter)):
            number = client.socket.fileno()
            client.read()
            if not client.is_open:
                self.poll.unregister(number)

    @property
    def frames(self):
        return sum(client.frames for client in self.clients.values())

    def take_delays(self):
        delays = []
        for client in self.clients.values():
            delays += client.delays
            client.delays = []
        return sorted(delays)

    def close(self):
        self.poll.close()
        for client in [*self.clients.values(), *self.stalled]:
            client.socket.close()


class Sender:
    """Posts frames over one connection that is kept."""

    def __init__(self, port, path, size):
        self.port, self.path, self.size = port, path, size
        self.socket = None

    def post(self):
        body = '{"type":"bench","payload":{"sent":"%018.9f","x":"' % time.monotonic()
        body += "x" * (self.size - len(body) - 3) + '"}}'
        request = (f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 20)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.setblocking(False)
        self.socket.sendall(request)

    def wait(self):
        """Waits for an answer."""
        select.select([self.socket], [], [], 10)
        self.answers()

    def answers(self):
        """Takes the answers off, so that the server can go on."""
        if self.socket is not None:
            try:
                self.socket.recv(1 << 16)
            except BlockingIOError:
                pass
