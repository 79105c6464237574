"""Many WebSocket clients in one thread over epoll: little work for each frame, so that the server is what is measured."""

import base64
import os
import select
import socket
import struct
import time

PONG = bytes([0x8A, 0x80]) + os.urandom(4)


class Client:
    """One connection; counts its frames, and notes when each of those that carry `sent` came."""

    def __init__(self, port, path, reads=True):
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        if not reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
                             f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
                             ).encode())
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
        at, end = 0, len(data)
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                if end - at < 4:
                    break
                length, start = struct.unpack_from(">H", data, at + 2)[0], at + 4
            elif length == 127:
                if end - at < 10:
                    break
                length, start = struct.unpack_from(">Q", data, at + 2)[0], at + 10
            if end - start < length:
                break
            if data[at] == 0x81:
                mark = data.find(b'"sent":"', start, start + 120)
                if mark > 0:
                    self.frames += 1
                    self.delays.append(now - float(data[mark + 8:mark + 26]))
            elif data[at] == 0x89:
                self.socket.send(PONG)
            elif data[at] == 0x88:
                self.is_open = False
            at = start + length
        self.buffer = data[at:]


class Counter(Client):
    """Counts its frames by their mark and looks no further, so that many of them leave the machine to the server."""

    MARK = b'"sent":"'

    def take(self, piece):
        data = self.buffer + piece
        self.frames += data.count(self.MARK)
        # The beginning of a mark may be the end of this piece.
        self.buffer = data[1 - len(self.MARK):]
        if piece[:1] == b"\x89":
            self.socket.send(PONG)


class Crowd:
    """Clients that are served together."""

    def __init__(self, port, path):
        self.port, self.path = port, path
        self.poll = select.epoll()
        self.clients = {}
        self.stalled = []

    def add(self, count, timed=None):
        """Adds readers, of whom only so many note the delays; all of them without a number."""
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
