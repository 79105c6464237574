"""What a person at a terminal sees of commands that cannot be carried out as they were typed."""

import os
import pathlib
import signal
import subprocess

import pytest

from harness import CHURND, run_churnd, wait_until


def test_a_flag_that_a_subcommand_refuses_is_followed_by_its_own_usage():
    done = run_churnd(
        "simulate-actions", "--customer", "C-1", "--set", "Colour=red", "--postgres-url",
        "postgres://churn@127.0.0.1:1/none", check=False)
    assert done.returncode == 64, done.stderr
    assert done.stderr.startswith("Error: There is no feature Colour; there are gender, ")
    assert "Usage: churnd simulate-actions " in done.stderr
    assert "<subcommand>" not in done.stderr


@pytest.mark.parametrize("key", ["config", "domain", "webhook-file"])
def test_a_pipe_in_place_of_a_file_is_refused_and_not_waited_for(key, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = run_churnd("check", f"--{key}", str(pipe), check=False, seconds=20)
    assert done.returncode == 1
    assert "a folder, a pipe or a device" in done.stdout + done.stderr, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["manifest.sha256", "manifest.json"])
def test_a_pipe_in_a_bundle_is_refused_and_not_waited_for(name, bundle, tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    for file in bundle.iterdir():
        if file.name != name:
            (folder / file.name).write_bytes(file.read_bytes())
    os.mkfifo(folder / name)
    done = run_churnd("check", "--role", "serve", "--model", str(folder), check=False, seconds=30)
    assert done.returncode == 1
    assert "FAILED  model" in done.stdout, done.stdout + done.stderr


def test_check_and_run_report_the_same_faults_all_at_once(tmp_path):
    wrong = ["--alert-enter", "0.4", "--alert-exit", "0.6", "--batch-size", "many", "--http-tls-key-file", "/nowhere",
             "--postgres-url", "http://db/churn", "--model", str(tmp_path), "--auth", "none"]
    for command in ("check", "run"):
        done = run_churnd(command, *wrong, check=False, seconds=60)
        assert done.returncode == 1
        for said in ("alert.exit", "batch.size", "tlsKeyFile"):
            assert said in done.stdout + done.stderr, done.stdout + done.stderr


def test_a_process_that_serves_needs_no_broker(tmp_path):
    done = run_churnd("check", "--role", "serve", "--postgres-url", "postgres://churn@127.0.0.1:1/none", check=False,
                      environment={"CHURN_KAFKA_BROKERS": "127.0.0.1:1"}, seconds=60)
    assert "ok      configuration of role serve" in done.stdout, done.stdout
    assert "broker" not in done.stdout, done.stdout


def test_predict_guards_ids_that_a_spreadsheet_would_run(bundle, customers, tmp_path):
    head, first, *_ = customers.read_text().splitlines()
    file = tmp_path / "one.csv"
    file.write_text(f"{head}\n=HYPERLINK(1){first[first.index(','):]}\n")
    printed = run_churnd("predict", str(file), "--model", str(bundle)).stdout.splitlines()
    assert printed[1].startswith("'=HYPERLINK(1),"), printed


def takes(pid, number):
    """Whether a process has its own way to take a signal."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text().split()
    masks = [int(status[status.index(name) + 1], 16) for name in ("SigIgn:", "SigCgt:")]
    return bool((masks[0] | masks[1]) >> (number - 1) & 1)


def test_a_log_without_a_reader_from_the_first_line_on_ends_nothing(bundle):
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(
            [CHURND, "run", "--role", "serve", "--postgres-url", "postgres://churn@127.0.0.1:1/none", "--model",
             str(bundle), "--auth", "none", "--http-port", "0"],
            stdin=subprocess.DEVNULL, stdout=writer, stderr=writer) as process:
        os.close(writer)
        # It has no log, so that the process itself says when it has started: from then on it takes a signal.
        wait_until(lambda: process.poll() is not None or takes(process.pid, signal.SIGTERM), 60, "it has started")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        process.terminate()
        assert process.wait(25) == 0
