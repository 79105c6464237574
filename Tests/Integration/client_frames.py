"""The least of a WebSocket client: its handshake, and the frames in what a server sent. For clients by the thousand,
where a library would be slower than the server that is looked at."""

import base64
import os
import struct

TEXT, CLOSE, PING = 0x81, 0x88, 0x89
PONG = bytes([0x8A, 0x80]) + os.urandom(4)


def ask_upgrade(connection, port, path):
    """Sends the request of a handshake; the answer is the caller's to read."""
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
                        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())


def whole_frames(data):
    """(first byte, start and end of the payload) of each whole frame of a server, and where the rest begins."""
    found, at, end = [], 0, len(data)
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
        found.append((data[at], start, start + length))
        at = start + length
    return found, at
