"""Each of twelve outages shows in health, log and metrics within ten seconds of its beginning, and so does its end."""

import outages


def test_outages_show_where_operators_look_and_so_do_their_ends():
    table, missing = outages.run_all()
    print(table)
    assert not missing, table + "\n" + "\n".join(missing)
    assert table.count("\n") == 13, table
