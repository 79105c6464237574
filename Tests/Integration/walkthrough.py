"""The commands that documents tell their readers to type, as they stand there."""

import os
import pathlib
import re
import subprocess

from harness import CHURND, ROOT, Churnd

SERVERS = ("CHURN_POSTGRES_URL", "CHURN_KAFKA_BROKERS", "CHURN_KAFKA_TOPIC")


def blocks(document):
    """The shell blocks of a Markdown document: those fenced as sh, and those that are indented and name churnd."""
    text = (ROOT / document).read_text()
    fenced = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    plain = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    indented = re.findall(r"(?:^    .*\n)+", plain, re.M)
    return [block.strip("\n") for block in fenced] + [
        "\n".join(line[4:] for line in block.splitlines()) for block in indented if "churnd " in block]


def block(document, command):
    """The one block that has a line with this command."""
    found = [one for one in blocks(document) if any(line.startswith(command) for line in one.splitlines())]
    assert len(found) == 1, f"{document} has {len(found)} blocks with `{command}`"
    return found[0].splitlines()


class Reader:
    """Someone who types a document's commands in a folder of their own, with the tests' servers for the document's."""

    def __init__(self, folder, **servers):
        self.folder = pathlib.Path(folder)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "churnd").symlink_to(CHURND)
        self.environment = {**os.environ, **servers, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        for name in ("CHURN_DOMAIN", "CHURN_MODEL"):
            self.environment.pop(name, None)

    def export(self, line):
        """Takes an export, but for the addresses of servers."""
        for name, value in re.findall(r"(CHURN_\w+)=('[^']*'|\S+)", line.split("#")[0]):
            if name not in SERVERS:
                self.environment[name] = value.strip("'")

    def type(self, line, seconds=300):
        """Runs a line by the shell; returns what it said on standard output and on standard error."""
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=seconds, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, f"`{line}` ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout, done.stderr

    def start(self, line, port):
        """Starts a line that runs until it is stopped."""
        arguments = line.split("#")[0].split()
        assert arguments[0] == "churnd"
        process = Churnd(
            arguments[1:], self.folder / "run.log", {**self.environment, "CHURN_HTTP_PORT": str(port)},
            folder=self.folder)
        process.port, process.http = port, f"http://127.0.0.1:{port}"
        return process
