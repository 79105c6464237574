"""Files and sockets are few: whoever opens connections must not end the process or starve what it does besides."""

import contextlib
import socket
import time
import urllib.request

import harness

FILES = 200
HALF_A_REQUEST = b"GET /api/dashboard-kpis HTTP/1.1\r\nHost: localhost\r\n"


def test_half_open_requests_do_not_take_the_files_that_a_process_needs(new_system, tmp_path, monkeypatch):
    limited = tmp_path / "churnd"
    limited.write_text(f'#!/bin/sh\nulimit -n {FILES}\nexec "{harness.CHURND}" "$@"\n')
    limited.chmod(0o755)
    monkeypatch.setattr(harness, "CHURND", str(limited))
    system = new_system()
    process = system.start("--models-poll-seconds", "1")
    with contextlib.ExitStack() as stack:
        # Under load libdispatch opens files of its own, and traps where it cannot.
        for _ in range(2 * FILES):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", process.port), 5))
            with contextlib.suppress(OSError):
                client.sendall(HALF_A_REQUEST)
        system.simulate(20_000, seed=3)
        system.wait_events(20_000)
        time.sleep(2)
        assert process.is_running
        assert "A model was refused" not in system.tail(lines=1_000)
    harness.wait_until(lambda: "churn_http_connections 1\n" in metrics(process), 20, "the connections are gone")
    assert 'churn_http_connections_refused_total{reason="descriptors"} 0\n' in metrics(process)
    assert process.stop() == 0, system.tail()
    assert system.tail(lines=1_000).count("Connections are refused") == 1


def metrics(process):
    try:
        with urllib.request.urlopen(f"{process.http}/metrics", timeout=2) as answer:
            return answer.read().decode()
    except OSError:
        return ""
