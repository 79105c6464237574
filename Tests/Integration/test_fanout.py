"""The short form of the fan-out benchmark: nothing is lost and everyone is held; how fast it was is not judged."""

import json
import os
import pathlib
import subprocess
import sys

from harness import CHURND

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "Benchmarks" / "fanout.py"


def test_every_socket_that_reads_gets_every_frame_beside_others_that_do_not():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--sockets", "200", "--stalled", "20", "--pairs", "1", "--seconds", "3",
         "--frames", "60", "--held", "500", "--idle", "3"],
        capture_output=True, text=True, timeout=240, env={**os.environ, "CHURND": CHURND})
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    print(json.dumps({name: report[name] for name in ("stalled", "cost", "held")}))
    assert report["stalled"]["with"]["lost"] == 0
    assert report["stalled"]["with"]["closed_4008"] == [20]
    assert report["cost"]["churnd"][0]["frames"] == 200 * 60
    assert report["held"]["open"] == 500
