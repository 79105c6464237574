"""A process that is stopped while its group joins.

Before 2.3.0 librdkafka ends the process where a member with the default assignor is freed before its first assignment.
"""

import time
import urllib.error
import urllib.request

import pytest

from harness import wait_until


def answers(process):
    """Whether the process serves, ready or not."""
    try:
        urllib.request.urlopen(f"{process.http}/health/ready", timeout=2).close()
    except urllib.error.HTTPError:
        pass
    except OSError:
        return False
    return True


@pytest.mark.parametrize("pause", [0.0, 1.5, 2.5, 3.0, 3.5])
def test_a_stop_while_the_group_waits_for_a_member_that_crashed_ends_well(new_system, pause):
    system = new_system()
    crashed = system.start()
    crashed.kill()
    process = system.start(serve=False)
    wait_until(lambda: answers(process) or not process.is_running, 60, "it serves")
    time.sleep(pause)
    assert process.stop() == 0, system.tail()
