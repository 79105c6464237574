"""The short form of storm.py: 500 clients, cut off at once and back with their cursors, five times."""

import json

import storm


def test_clients_that_come_back_all_at_once_have_every_update_once(new_system):
    system = new_system()
    figures, faults = storm.run(system, clients=500, rounds=5, each=40)
    print(json.dumps(figures))
    assert faults == [], "\n".join(faults)
    assert figures["updates"] == (3 * 5 + 1) * 40
