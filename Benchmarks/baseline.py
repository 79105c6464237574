"""The Python baseline: its programs run in its own virtual environment, against one broker and one database server."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "Integration"))
os.environ.setdefault("CHURND", str(ROOT / ".build" / "release" / "churnd"))

from harness import Database, free_port  # noqa: E402


class Baseline:
    """Runs the programs of the folder that CHURN_BENCH_BASELINE names."""

    def __init__(self, folder, telco, scratch):
        self.folder = pathlib.Path(folder)
        self.telco = telco
        self.scratch = pathlib.Path(scratch)
        self.python = self.virtual_environment()
        self.database = Database(os.environ["CHURN_TEST_POSTGRES_URL"])
        self.call("setup_db.py")

    def virtual_environment(self):
        script = ". ./env.sh >/dev/null && echo $PY"
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, capture_output=True, text=True, check=True,
                              env=self.environment(None))
        return done.stdout.strip().splitlines()[-1]

    def environment(self, database, **extra):
        home = os.environ.get("BASELINE_HOME", os.path.join(tempfile.gettempdir(), "churn-baseline"))
        values = {**os.environ, "KAFKA": os.environ["CHURN_TEST_KAFKA_BROKERS"], "DATA": self.telco,
                  "MODEL": f"{home}/model.json", "COLUMNS_FILE": f"{home}/columns.json",
                  "PYTHONDONTWRITEBYTECODE": "1", **extra}
        if database:
            values["PG_DSN"] = database.url
        return values

    def call(self, script, *arguments, database=None, wait=True, **extra):
        """Runs a program of the baseline, or of ours by its path; returns what it printed, or the process."""
        command = [self.python, str(self.folder / script), *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=self.scratch,
                                   env=self.environment(database or self.database, **extra))
        if not wait:
            return process
        output = process.communicate()[0]
        assert process.returncode == 0, f"{script} ended with {process.returncode}: {output}"
        return output

    def api(self):
        """The baseline's API, which the tuned processor posts to; returns the process and its port."""
        port = free_port()
        process = subprocess.Popen(
            [str(pathlib.Path(self.python).parent / "uvicorn"), "seed_api:app", "--port", str(port), "--log-level",
             "error"], cwd=self.folder, env=self.environment(self.database))
        time.sleep(2)
        return process, port

    def clean(self):
        with self.database.connect() as database:
            database.execute("DROP TABLE IF EXISTS seen")
            database.execute("TRUNCATE predictions, events RESTART IDENTITY")
            database.execute("CHECKPOINT")
