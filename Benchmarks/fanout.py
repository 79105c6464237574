"""Fan-out of 1 KB frames to many WebSockets by `churnd demo`, and by Python's uvicorn beside it.

    python Benchmarks/fanout.py [--sockets 1000] [--stalled 100] [--pairs 5] [--seconds 5] [--held 10000] [--uvicorn]

Prints JSON. Needs a release build of churnd (CHURND, default .build/release/churnd) and, for --uvicorn, the packages
uvicorn and websockets. Three parts:

- stalled: the delay of frames, posted at a steady rate, of those who read, in interleaved runs with and without others
  who do not read at all. Both sides are alike but for these: as many read, and both servers send 6 MB beforehand,
  more than a server and its kernel hold for a socket, so that the stalled are behind from the first frame that is
  measured. The first frames of a run warm it up and do not count. Then come `--seconds` with the stalled held and as
  many in which the server closes them with 4008, all at about the same time; each part has its own p99, and the
  comparison is of both together.
- cost: frames delivered by a second of the server's CPU time, which other load on the machine does not change much.
- held: the memory that idle sockets take.
"""

import argparse
import gc
import json
import math
import os
import pathlib
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from sockets import Crowd, Sender

ROOT = pathlib.Path(__file__).resolve().parents[1]
CHURND = os.environ.get("CHURND", str(ROOT / ".build" / "release" / "churnd"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server process with what it used of the machine."""

    def __init__(self, command, port, ready, socket_path, post_path, log):
        self.port, self.socket_path, self.post_path = port, socket_path, post_path
        self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", data=b"" if ready == "/" else None,
                                            timeout=2):
                    return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.1)

    @property
    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        return 0

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name):
                    return int(float(line.rsplit(" ", 1)[1]))
        return 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(25)
        except subprocess.TimeoutExpired:
            self.process.kill()


def churnd(folder):
    port = free_port()
    log = open(folder / "churnd.log", "ab")
    # A client that asks for an unknown customer's updates gets only what is posted. All sockets come from one address
    # here, which one address would not be allowed in production.
    return Server([CHURND, "demo", "--customers", "100", "--rate", "1", "--http-port", str(port),
                   "--http-requests-per-second-per-address", "1000000"], port,
                  "/health/ready", "/ws/updates?customer=nobody", "/api/broadcast-event", log)


def uvicorn(folder):
    port = free_port()
    log = open(folder / "uvicorn.log", "ab")
    command = [sys.executable, str(pathlib.Path(__file__).with_name("fanout_uvicorn.py")), str(port)]
    return Server(command, port, "/", "/", "/", log)


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def interval(values):
    """The narrowest pair of ordered values that holds the median with 95 % confidence, or all where there are few."""
    ordered, count = sorted(values), len(values)
    outside, rank = 0.0, 0
    while True:
        outside += 2 * math.comb(count, rank) / 2 ** count
        if outside > 0.05 or 2 * rank >= count:
            break
        rank += 1
    low = max(0, rank - 1)
    return [round(ordered[low], 3), round(ordered[count - 1 - low], 3)]


class Steady:
    """Frames posted at a steady rate to a crowd, and their delays since they were last asked for."""

    def __init__(self, crowd, sender, readers, rate):
        self.crowd, self.sender, self.readers, self.rate, self.sent = crowd, sender, readers, rate, 0

    def run(self, seconds):
        """Posts for so long, waits for what was posted, and returns the delays in order."""
        start, posted = time.monotonic(), 0
        while posted < self.rate * seconds:
            if time.monotonic() >= start + posted / self.rate:
                self.sender.post()
                posted += 1
            self.crowd.turn(max(0, min(0.01, start + posted / self.rate - time.monotonic())))
            self.sender.answers()
        self.sent += posted
        end = time.monotonic() + 30
        while self.crowd.frames < self.sent * self.readers and time.monotonic() < end:
            self.crowd.turn(0.05)
            self.sender.answers()
        return self.crowd.take_delays()


def steady(server, readers, stalled, rate, seconds, size):
    """The delays of frames that are posted at a steady rate."""
    crowd = Crowd(server.port, server.socket_path)
    crowd.add_stalled(stalled)
    burst = Sender(server.port, server.post_path, 16_000)
    for _ in range(380):
        burst.post()
        burst.wait()
    filled = time.monotonic()
    # A hundred are enough to measure the delay; the others would spend the machine's time on recording theirs.
    crowd.add(readers, timed=100)
    run = Steady(crowd, Sender(server.port, server.post_path, size), readers, rate)
    run.run(1)
    began = time.monotonic() - filled
    held = run.run(seconds)
    memory = server.memory("VmHWM")
    # Long enough for the server to end the stalled: 10 s after they were filled, a second of grace, 2 s for the close.
    ended = run.run(max(seconds, 14 - (time.monotonic() - filled)))
    lost = run.sent * readers - crowd.frames
    closed = server.metric('churn_ws_closed_total{code="4008"}')
    crowd.close()
    delays = sorted(held + ended)
    return {"p50_ms": percentile(delays, 0.5) * 1e3, "p99_ms": percentile(delays, 0.99) * 1e3,
            "p99_held_ms": percentile(held, 0.99) * 1e3, "p99_ended_ms": percentile(ended, 0.99) * 1e3,
            "delays": len(delays), "began_after_s": round(began, 1), "lost": lost, "peak_rss_kib": memory,
            "closed_4008": closed}


def cost(server, readers, frames, size, window=8):
    """Frames delivered by a second of the server's CPU time, and by a second of the clock."""
    crowd = Crowd(server.port, server.socket_path)
    crowd.add(readers)
    sender = Sender(server.port, server.post_path, size)
    before, start, sent = server.cpu_seconds, time.monotonic(), 0
    end = start + 300
    while crowd.frames < frames * readers and time.monotonic() < end:
        while sent < frames and sent * readers <= crowd.frames + window * readers:
            sender.post()
            sent += 1
        crowd.turn(0.05)
        sender.answers()
    used, took, delivered = server.cpu_seconds - before, time.monotonic() - start, crowd.frames
    crowd.close()
    return {"frames": delivered, "lost": frames * readers - delivered, "server_cpu_s": round(used, 2),
            "frames_per_core_second": round(delivered / max(used, 0.01)), "frames_per_second": round(delivered / took)}


def held(server, count, seconds):
    before = server.memory("VmRSS")
    crowd = Crowd(server.port, server.socket_path)
    crowd.add(count)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        crowd.turn(0.2)
    is_open = sum(client.is_open for client in crowd.clients.values())
    after = server.memory("VmRSS")
    crowd.close()
    return {"asked": count, "open": is_open, "kib_each": round((after - before) / max(1, is_open), 1)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--stalled", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6, help="of each part; up to 6 the stalled are held throughout")
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--held", type=int, default=10_000)
    parser.add_argument("--idle", type=int, default=25, help="seconds; 25 is long enough for a ping of each")
    parser.add_argument("--uvicorn", action="store_true")
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # The readers' own pauses would be taken for the server's.
    gc.disable()
    report = {"load_before": os.getloadavg(), "cores": os.cpu_count(), "options": vars(options)}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        readers = options.sockets - options.stalled
        runs = {"without": [], "with": []}
        for pair in range(options.pairs):
            order = [("without", 0), ("with", options.stalled)]
            # What changes slowly on the machine favours neither.
            for name, stalled in order if pair % 2 == 0 else reversed(order):
                # A server of its own for each run: no stalled socket of the last run is still being ended.
                server = churnd(folder)
                runs[name].append(steady(server, readers, stalled, options.rate, options.seconds, options.size))
                server.stop()
                print(name, json.dumps(runs[name][-1]), file=sys.stderr)
        ratios = {part: [b[part] / a[part] for a, b in zip(runs["without"], runs["with"])]
                  for part in ("p99_ms", "p99_held_ms", "p99_ended_ms")}
        report["stalled"] = {
            **{name: {"p99_ms": [round(run["p99_ms"], 2) for run in each],
                      "median_p99_ms": round(statistics.median(run["p99_ms"] for run in each), 2),
                      "p99_interval": interval([run["p99_ms"] for run in each]),
                      "median_p50_ms": round(statistics.median(run["p50_ms"] for run in each), 2),
                      "lost": sum(run["lost"] for run in each), "peak_rss_kib": max(run["peak_rss_kib"] for run in each),
                      "closed_4008": [run["closed_4008"] for run in each]}
               for name, each in runs.items()},
            "ratio_of_medians": round(statistics.median(run["p99_ms"] for run in runs["with"])
                                      / statistics.median(run["p99_ms"] for run in runs["without"]), 3),
            "ratios_of_pairs": {
                part: {"each": [round(ratio, 3) for ratio in each], "median": round(statistics.median(each), 3),
                       "interval": interval(each)} for part, each in ratios.items()},
        }
        report["cost"] = {"churnd": [], "uvicorn": []}
        for _ in range(options.pairs):
            for name, make in (("churnd", churnd), ("uvicorn", uvicorn)):
                if name == "uvicorn" and not options.uvicorn:
                    continue
                server = make(folder)
                report["cost"][name].append(cost(server, options.sockets, options.frames, options.size))
                server.stop()
                print(name, json.dumps(report["cost"][name][-1]), file=sys.stderr)
        if options.held:
            server = churnd(folder)
            report["held"] = held(server, options.held, options.idle)
            server.stop()
    report["load_after"] = os.getloadavg()
    print(json.dumps(report, indent=2))
    lost = sum(runs["lost"] for runs in (report["stalled"]["without"], report["stalled"]["with"]))
    lost += sum(run["lost"] for run in report["cost"]["churnd"])
    if lost or options.held and report["held"]["open"] != options.held:
        raise SystemExit("frames or sockets were lost")


if __name__ == "__main__":
    main()
