#!/usr/bin/env python3
"""Probes a server's HTTP and WebSocket behaviour with raw sockets. Usage: probe.py http://127.0.0.1:PORT"""

import base64
import os
import socket
import struct
import sys
import time
import urllib.parse

HOST, PORT = "127.0.0.1", 8080
PATH = "/ws/updates"
probes = []


def probe(function):
    probes.append(function)
    return function


class Client:
    """A socket with a buffer and a deadline for everything."""

    def __init__(self, timeout=5.0):
        self.socket = socket.create_connection((HOST, PORT), timeout)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())

    def fill(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def rest(self):
        """Everything up to the server's end of the connection."""
        try:
            while self.fill():
                pass
        except ConnectionResetError:
            pass
        return self.buffer

    def until(self, mark):
        while mark not in self.buffer:
            if not self.fill():
                raise AssertionError("the server closed, having sent %r" % self.buffer[:200])
        head, self.buffer = self.buffer.split(mark, 1)
        return head

    def exactly(self, count):
        while len(self.buffer) < count:
            if not self.fill():
                raise AssertionError("the server closed within a frame")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def frame(self):
        first, second = self.exactly(2)
        assert second & 0x80 == 0, "a server must not mask"
        length = second
        if length == 126:
            (length,) = struct.unpack("!H", self.exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.exactly(8))
        return first & 0x0F, self.exactly(length)

    def close_code(self):
        while True:
            opcode, payload = self.frame()
            if opcode == 8:
                return struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else None


def handshake(path=PATH, host=None, extra="", version="13", key=None, upgrade="websocket"):
    key = key or base64.b64encode(os.urandom(16)).decode()
    return (
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: %s\r\n"
        "Sec-WebSocket-Version: %s\r\nSec-WebSocket-Key: %s\r\n%s\r\n"
        % (path, host or "%s:%d" % (HOST, PORT), upgrade, version, key, extra)
    )


def opened(**options):
    client = Client()
    client.send(handshake(**options))
    head = client.until(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    return client


def masked(first, payload=b"", length=None):
    mask = os.urandom(4)
    count = len(payload) if length is None else length
    if count < 126:
        head = bytes([first, 0x80 | count])
    elif count < 65536:
        head = bytes([first, 0xFE]) + struct.pack("!H", count)
    else:
        head = bytes([first, 0xFF]) + struct.pack("!Q", count)
    return head + mask + bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))


def status(data, expected, leaves=False):
    with Client() as client:
        client.send(data)
        head = client.until(b"\r\n\r\n") if leaves else client.rest()
        found = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.") else None
        allowed = expected if isinstance(expected, tuple) else (expected,)
        assert found in allowed, "status %s instead of %s" % (found, expected)
        return head


def ends_with(code, *frames):
    with opened() as client:
        for frame in frames:
            client.send(frame)
        found = client.close_code()
        assert found == code, "closed with %s instead of %s" % (found, code)
        assert client.rest() is not None


def get(path="/health/live", headers="", host="localhost"):
    return "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (path, host, headers)


@probe
def a_first_frame_is_a_cursor():
    with opened() as client:
        opcode, payload = client.frame()
        assert opcode == 1 and payload.startswith(b'{"type":"cursor"'), payload[:80]


@probe
def protocol_offences_have_their_codes():
    ends_with(1002, b"\x81\x05hello")
    for bit in (0x40, 0x20, 0x10):
        ends_with(1002, masked(0x81 | bit, b"x"))
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        ends_with(1002, masked(0x80 | opcode, b"x"))
    ends_with(1002, masked(0x09, b"x"))
    ends_with(1002, masked(0x89, b"x" * 126))
    ends_with(1002, masked(0x80, b"x"))
    ends_with(1002, masked(0x01, b"x"), masked(0x81, b"x"))
    ends_with(1007, masked(0x81, b"\xc0\x80"))
    ends_with(1007, masked(0x01, b"\xf4\x90"))
    ends_with(1003, masked(0x82, b"x"))
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000):
        ends_with(1002, masked(0x88, struct.pack("!H", code)))
    ends_with(1002, masked(0x88, b"x"))


@probe
def sizes_and_fragments_are_limited():
    ends_with(1009, masked(0x81, b"", length=16385)[:8])
    ends_with(1009, masked(0x81, b"", length=1 << 40)[:14])
    ends_with(1009, masked(0x01, b"x" * 16000), masked(0x80, b"", length=1000)[:8])
    ends_with(1008, masked(0x01, b"x"), *[masked(0x00, b"x") for _ in range(20)])


@probe
def floods_end_with_4029():
    ends_with(4029, b"".join(masked(0x89) for _ in range(40)))
    ends_with(4029, b"".join(masked(0x81, b'{"type":"ping"}') for _ in range(40)))


@probe
def a_frame_byte_by_byte_is_understood():
    with opened() as client:
        client.frame()
        for byte in masked(0x81, b'{"type":"ping"}'):
            client.send(bytes([byte]))
            time.sleep(0.002)
        while True:
            opcode, payload = client.frame()
            if payload == b'{"type":"pong"}':
                return


@probe
def a_frame_that_comes_with_the_handshake_is_not_lost():
    with Client() as client:
        client.send(handshake().encode() + masked(0x89, b"early"))
        client.until(b"\r\n\r\n")
        while True:
            opcode, payload = client.frame()
            if opcode == 10:
                assert payload == b"early"
                return


@probe
def a_close_is_answered_and_ends():
    with opened() as client:
        client.send(masked(0x88, struct.pack("!H", 1000)))
        assert client.close_code() == 1000
        client.rest()


@probe
def handshakes_that_are_wrong_are_refused():
    status(handshake(extra="Origin: http://evil.example\r\n"), 403)
    status(handshake(extra="Origin: null\r\n"), 403)
    status(handshake(version="8"), 426)
    status(handshake(key="short"), 426)
    status(handshake(path=PATH + "?cursor=nonsense"), 400)
    status(handshake(path=PATH + "?token=secret"), 400)
    status(handshake(host="evil.example"), 421)
    status(handshake(extra="Content-Length: 5\r\n"), 400)
    status(handshake().replace("GET", "POST"), 400)


@probe
def an_upgrade_that_is_not_supported_is_answered_and_closed():
    status(handshake(path="/health/live"), 200)
    status(handshake(upgrade="h2c"), 426)
    status(get(headers="Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n"), 200)


@probe
def only_the_first_request_is_upgraded():
    data = status(get() + handshake(), 200)
    assert b"HTTP/1.1 426" in data and b"101 Switching" not in data


@probe
def requests_that_are_wrong_are_refused():
    status("GET / HTTP/1.1\r\n\r\n", 400)
    status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)
    status("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)
    status(get(path="/api/domain", host="evil.example"), 421)
    status(get(path="/api/domain", host="localhost.evil.example"), 421)
    status("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400)
    status("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)
    status("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", 413)


@probe
def header_floods_are_refused():
    status(get(headers="".join("X-%d: y\r\n" % index for index in range(200))), (400, 431))
    status(get(headers="X: " + "y" * 100_000 + "\r\n"), (400, 431))
    status(get(path="/" + "y" * 100_000), (400, 414, 431))


@probe
def a_slow_header_is_cut_off():
    started = time.monotonic()
    with Client(timeout=15) as client:
        client.send("GET / HTTP/1.1\r\nHost: lo")
        client.rest()
    assert time.monotonic() - started < 14


@probe
def dead_clients_do_no_harm():
    for _ in range(50):
        client = opened()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
    status(get(headers="Connection: close\r\n"), 200)


def main():
    global HOST, PORT
    url = urllib.parse.urlsplit(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
    HOST, PORT = url.hostname or HOST, url.port or PORT
    failed = 0
    for function in probes:
        name = function.__name__.replace("_", " ")
        try:
            function()
            print("ok    ", name)
        except Exception as error:  # every kind of failure is a failed probe
            failed += 1
            print("FAILED", name, "-", type(error).__name__, error)
    print("%d probes, %d failed" % (len(probes), failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
