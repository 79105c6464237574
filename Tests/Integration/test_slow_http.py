"""The short form of slow_http.py: slow headers and slow bodies at once, a good client is answered all the while."""

import json
import shutil

import pytest

import slow_http
from harness import is_ready


@pytest.mark.skipif(not shutil.which(slow_http.TOOL), reason="slowhttptest is not installed")
def test_slow_clients_are_cut_off_in_time_and_a_good_one_is_answered(tmp_path):
    with slow_http.running_demo(tmp_path) as demo:
        result = slow_http.attacked(demo, ["headers", "body"], 200, tmp_path)
        print(json.dumps(result))
        assert slow_http.faults(result) == []
        assert is_ready(demo.port)
        assert demo.stop() == 0, (tmp_path / "demo.log").read_text()[-2000:]
