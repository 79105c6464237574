#!/usr/bin/env python3
"""schemathesis with an API key of each role, and with none, against churnd over PostgreSQL.

    Scripts/with-servers.sh python Tests/Conformance/rest/roles.py [--requests 500] [--seed 1]

Every path names a customer and a case that exist, so that what is asked is judged by the key alone. Each answer must
be one that the document states, 401 and 403 included. A last pass runs into the limit of requests a second: its 429
must be stated too, with Retry-After. At least this many requests are sent in all; fewer than 2,000 leave out schemathesis' own
list of cases for each parameter, which alone is longer.
"""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Integration"))

from check import get, run_pass  # noqa: E402
from harness import run_churnd, trained_system  # noqa: E402

ROLES = ["viewer", "agent", "ingest", "admin", None]
UNLIMITED = ["--http-requests-per-second", "1000000", "--http-requests-per-second-per-address", "1000000"]


class Served:
    """churnd with keys of each role; `extra` are more flags of the serving process."""

    def __init__(self, system, *extra):
        self.process = system.start("--role", "serve", "--auth", "keys", *extra, name=f"server{len(extra)}")
        self.url = self.process.http


def statuses(report):
    """How often each status was answered, from what schemathesis wrote down."""
    found = {}
    for entry in json.loads(report.read_text())["log"]["entries"]:
        status = entry["response"]["status"]
        found[status] = found.get(status, 0) + 1
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with trained_system("roles") as system:
        return passes(system, system.folder, options)


def passes(system, folder, options):
    worker = system.start("--role", "process", *system.assign(), name="worker")
    system.simulate(1_500)
    system.wait_events(1_500)
    if worker.stop() != 0:
        return "the worker did not end with 0"
    customer = system.database.value("SELECT user_id FROM event_log WHERE became_at_risk LIMIT 1")
    case = system.database.value("SELECT max(event_id) FROM event_log WHERE became_at_risk")
    keys = {role: role and run_churnd("keys", "create", "--name", role, "--grant", role,
                                      *system.postgres).stdout.strip() for role in ROLES}
    served = Served(system, *UNLIMITED)
    phases = "examples,coverage,fuzzing,stateful" if options.requests >= 2_000 else "examples,fuzzing"
    sent = number = 0
    seen = {role: {} for role in ROLES}
    while sent < options.requests or number < len(ROLES):
        role = ROLES[number % len(ROLES)]
        examples = max(2, min(60, options.requests // 200))
        status, text, requests = run_pass(
            served, folder, number, options.seed + number, customer, case, examples, token=keys[role], phases=phases)
        sent += requests
        for answer, count in statuses(folder / f"pass{number}.ndjson").items() if requests else []:
            seen[role][answer] = seen[role].get(answer, 0) + count
        if status != 0 or requests == 0:
            print(text)
            return f"pass {number} ({role or 'no key'}) of seed {options.seed + number} failed after {sent} requests"
        number += 1
        print(f"pass {number}: {role or 'no key'}: {requests} requests, no failure", flush=True)
    if served.process.stop() != 0:
        return "churnd did not end with 0"
    limited = Served(system, "--http-requests-per-second", "5")
    status, text, requests = run_pass(
        limited, folder, number, options.seed + number, customer, case, 3, token=keys["admin"], is_limited=True,
        phases=phases)
    sent += requests
    found = statuses(folder / f"pass{number}.ndjson") if requests else {}
    if status != 0 or 429 not in found:
        print(text)
        return f"the pass with a limit of requests failed, having answered {found}"
    if limited.process.stop() != 0:
        return "churnd did not end with 0"
    for role in ROLES:
        print(f"{role or 'no key'}: {dict(sorted(seen[role].items()))}")
    print(f"limited: {dict(sorted(found.items()))}")
    if 401 not in seen[None] or not all(403 in seen[role] for role in ("viewer", "ingest")) or 403 in seen["admin"]:
        return "the keys were not distinguished"
    print(f"roles: {sent} requests in {number + 1} passes, 0 failures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
