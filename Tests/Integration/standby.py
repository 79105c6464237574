"""A PostgreSQL server with an asynchronous standby, which may be promoted again and again."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import psycopg

from harness import free_port, wait_until


def programs():
    """The folder of the server's programs."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return found[-1] if found else pathlib.Path(shutil.which("initdb")).parent


class Server:
    """One server in a folder of its own, which only its user can read."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port

    def run(self, program, *arguments):
        command = [str(programs() / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def control(self, *arguments):
        self.run("pg_ctl", "-D", self.folder, "-w", "-t", "60", *arguments)

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c wal_keep_size=1GB"
        self.control("-l", self.folder / "server.log", "-o", options + " -c max_wal_senders=8", "start")

    def crash(self):
        self.control("-m", "immediate", "stop")

    def connect(self, database="postgres"):
        return psycopg.connect(f"postgres://churn@127.0.0.1:{self.port}/{database}", autocommit=True)

    def execute(self, statement):
        with self.connect() as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


class Pair:
    """A primary and its standby; the names of both are in the URL, and libpq takes the one that can be written."""

    def __init__(self):
        # Below the system's own temporary folder: the server's user must be able to enter it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="churn-pair.", dir="/tmp"))
        self.folder.chmod(0o755)
        self.made = 0
        ports = free_port(), free_port()
        self.primary = Server(self.new_folder(), ports[0])
        self.primary.run("initdb", "-D", self.primary.folder, "-U", "churn", "-A", "trust", "-E", "UTF8",
                         "--locale=C.UTF-8", "--no-sync")
        self.primary.start()
        self.standby = None
        self.hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
        self.ports = ports

    @property
    def url(self):
        return f"postgres://churn@{self.hosts}/postgres?target_session_attrs=read-write"

    def new_folder(self):
        self.made += 1
        folder = self.folder / str(self.made)
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o700)
        return folder

    def add_standby(self):
        """Copies the primary, and waits until the copy follows it."""
        port = next(port for port in self.ports if port != self.primary.port)
        self.standby = Server(self.new_folder(), port)
        self.standby.run("pg_basebackup", "-h", "127.0.0.1", "-p", self.primary.port, "-U", "churn", "-D",
                         self.standby.folder, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.standby.start()
        wait_until(lambda: self.primary.execute(
            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == 1, 30, "the standby follows")

    def cut(self):
        """From here on the standby receives nothing, as where the network between the two is gone."""
        self.standby.execute("ALTER SYSTEM SET primary_conninfo = ''")
        self.standby.execute("SELECT pg_reload_conf()")
        wait_until(lambda: self.primary.execute("SELECT count(*) FROM pg_stat_replication") == 0, 30, "no standby")

    def lose_primary(self):
        """The primary is gone with all that the standby did not receive; the standby has applied the rest."""
        self.primary.crash()
        shutil.rmtree(self.primary.folder)
        self.primary = None
        # What it received may end within a record, which it then never applies.
        wait_until(self.has_applied, 30, "the standby has applied what it received")

    def has_applied(self):
        before = self.standby.execute("SELECT pg_last_wal_replay_lsn()")
        time.sleep(0.5)
        return self.standby.execute("SELECT pg_last_wal_replay_lsn()") == before

    def promote(self):
        self.standby.control("promote")
        self.primary, self.standby = self.standby, None

    def close(self):
        for server in (self.standby, self.primary):
            if server:
                try:
                    server.crash()
                except subprocess.CalledProcessError as error:
                    print("not stopped:", error)
        shutil.rmtree(self.folder, ignore_errors=True)
