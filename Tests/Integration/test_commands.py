"""What a person at a terminal sees of commands that cannot be carried out as they were typed."""

from harness import run_churnd


def test_a_flag_that_a_subcommand_refuses_is_followed_by_its_own_usage():
    done = run_churnd(
        "simulate-actions", "--customer", "C-1", "--set", "Colour=red", "--postgres-url",
        "postgres://churn@127.0.0.1:1/none", check=False)
    assert done.returncode == 64, done.stderr
    assert done.stderr.startswith("Error: There is no feature Colour; there are gender, ")
    assert "Usage: churnd simulate-actions " in done.stderr
    assert "<subcommand>" not in done.stderr
