"""A TCP relay on a port of its own that can break all its connections and send the next ones elsewhere."""

import contextlib
import socket
import threading

from storm import RESET


class CutProxy:
    """Relays to `target`, a port of this machine, which may be changed between two connections."""

    def __init__(self, target):
        self.target = target
        self.pairs = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            with self._lock:
                self.pairs.add((client, server))
            for ends in ((client, server), (server, client)):
                threading.Thread(target=self._relay, args=(*ends, (client, server)), daemon=True).start()

    def _relay(self, source, sink, pair):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                sink.sendall(data)
        self._end(pair)

    def _end(self, pair):
        with self._lock:
            self.pairs.discard(pair)
        for end in pair:
            # A reader in another thread wakes only by this.
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def cut(self):
        """Resets every connection; returns how many."""
        with self._lock:
            pairs = list(self.pairs)
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._end(pair)
        return len(pairs)

    def close(self):
        self.listener.close()
        self.cut()
