"""Processor time, memory, write-ahead log and dead rows of processes and of the database server beside them."""

import os
import pathlib
import time

TICK = os.sysconf("SC_CLK_TCK")
# The name of a server process's kind, by what its title begins with; all others have a client.
KINDS = ("checkpointer", "background writer", "walwriter", "autovacuum", "logical replication", "logger", "archiver")


def stat(process):
    """The fields of /proc/PID/stat after the name, or None for a process that has ended."""
    try:
        text = pathlib.Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def processor_seconds(process, reaped=False):
    """User and system time of a process, or of its children that have ended."""
    fields = stat(process)
    first = 13 if reaped else 11
    return (int(fields[first]) + int(fields[first + 1])) / TICK if fields else 0.0


def resident_bytes(process):
    fields = stat(process)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


class Server:
    """A PostgreSQL server on this machine, seen from outside by /proc and from inside by its statistics."""

    def __init__(self, connection):
        self.connection = connection
        folder = connection.execute("SHOW data_directory").fetchone()[0]
        self.postmaster = int(pathlib.Path(folder, "postmaster.pid").read_text().splitlines()[0])

    def processor_seconds(self, own):
        """Seconds by kind: `backends` have a client (that of the connection `own` is left out), `ended` are gone."""
        seconds = {"backends": 0.0, "ended": processor_seconds(self.postmaster, reaped=True)}
        for task in pathlib.Path("/proc").glob("[0-9]*"):
            fields = stat(task.name)
            if not fields or int(fields[1]) != self.postmaster or int(task.name) == own:
                continue
            try:
                title = (task / "cmdline").read_text().rstrip("\0").partition("postgres: ")[2]
            except (FileNotFoundError, ProcessLookupError):
                continue
            kind = next((name for name in KINDS if title.startswith(name)), "backends")
            seconds[kind] = seconds.get(kind, 0.0) + processor_seconds(task.name)
        return seconds

    def wal_bytes(self):
        return int(self.connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()[0])

    def checkpoints(self):
        view = "pg_stat_checkpointer" if self.connection.info.server_version >= 170_000 else "pg_stat_bgwriter"
        columns = "num_timed + num_requested" if "checkpointer" in view else "checkpoints_timed + checkpoints_req"
        return self.connection.execute(f"SELECT {columns} FROM {view}").fetchone()[0]


def table_figures(connection):
    """Bytes of the database, and what its statistics say of `users`: dead rows, updates, vacuums."""
    row = connection.execute(
        "SELECT pg_database_size(current_database()), n_dead_tup, n_tup_upd, n_tup_hot_upd, autovacuum_count "
        "FROM pg_stat_user_tables WHERE relname = 'users'").fetchone()
    return dict(zip(("bytes", "dead", "updates", "hot", "vacuums"), row))


class Window:
    """What happened from one moment to another: differences of whatever was counted."""

    def __init__(self, begin, end):
        self.seconds = end["time"] - begin["time"]
        self.events = end["events"] - begin["events"]
        self.rate = self.events / max(self.seconds, 1e-9)
        self.begin, self.end = begin, end

    @property
    def hot_share(self):
        """The share of updates of `users` that stayed in their page and touched no index."""
        return (self.end["hot"] - self.begin["hot"]) / max(self.end["updates"] - self.begin["updates"], 1)

    def per_event(self, name):
        return (self.end[name] - self.begin[name]) / max(self.events, 1)

    def microseconds(self, kind=None):
        """Processor time an event: of the processes measured, or of a kind of the server's."""
        if kind is None:
            return 1e6 * self.per_event("processes")
        return 1e6 * (self.end["server"].get(kind, 0) - self.begin["server"].get(kind, 0)) / max(self.events, 1)


class Sampler:
    """Takes samples of one side while it works off a backlog."""

    def __init__(self, server, connection, processes, progress):
        self.server, self.connection = server, connection
        self.processes, self.progress = processes, progress

    def sample(self, events=None):
        return {
            "events": self.progress() if events is None else events, "time": time.monotonic(),
            "processes": sum(processor_seconds(each) for each in self.processes),
            "resident": sum(resident_bytes(each) for each in self.processes),
            "server": self.server.processor_seconds(self.connection.info.backend_pid), "wal": self.server.wal_bytes(),
            "checkpoints": self.server.checkpoints(), **table_figures(self.connection)}

    def follow(self, count, seconds, width, report):
        """Samples from the first visible events to the last, one every `width` seconds; calls `report` with windows."""
        limit = time.monotonic() + seconds
        while (seen := self.progress()) == 0:
            assert time.monotonic() < limit, "no event came through"
            time.sleep(0.005)
        samples = [self.sample(seen)]
        while seen < count:
            time.sleep(0.01)
            seen = self.progress()
            assert time.monotonic() < limit, f"{seen} of {count} events within {seconds} s"
            if seen < count and time.monotonic() - samples[-1]["time"] >= width:
                samples.append(self.sample())
                report(Window(samples[-2], samples[-1]), samples[0])
        samples.append(self.sample(seen))
        return samples
