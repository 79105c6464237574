"""The short form of injection.py: a few texts at every place where a client puts a value."""

import json

import injection


def test_no_value_of_a_request_becomes_sql(new_system):
    system = new_system()
    target = injection.Target(system)
    counts, faults = injection.probe(target)
    print(json.dumps(counts))
    assert faults == [], "\n".join(faults[:20])
    assert counts["places"] > 60, "the document named fewer values than there are"
    assert target.process.stop() == 0, system.tail("server")
