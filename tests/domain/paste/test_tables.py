"""Tables whose first row has the names."""

import pytest

from guarddog_gui.domain.paste.tables import find_tables

ROW = ("wx0000000000000001", "1795411200", "Wm3WZYTPz0wzccnW")


@pytest.mark.parametrize("separator", [",", "\t", " | ", ";", "   ", " "])
def test_a_row_of_values_below_a_row_of_names_is_read(separator: str) -> None:
    names = separator.join(("appId", "timestamp", "nonceStr"))
    rows = list(find_tables(f"{names}\n-----\n{separator.join(ROW)}\nend"))
    assert [[pair.value for pair in row] for row in rows] == [list(ROW)]


def test_an_insert_is_read() -> None:
    insert = "INSERT INTO t (appid, timestamp, noncestr) VALUES ('{}', {}, '{}')"
    rows = list(find_tables(insert.format(*ROW)))
    assert [[pair.value for pair in row] for row in rows] == [list(ROW)]


@pytest.mark.parametrize(
    "text", ["", "appId,timestamp,nonceStr\n", "appId,timestamp,nonceStr\na,b,c", "appId,timestamp\n1,2"]
)
def test_no_row_is_made_of_other_lines(text: str) -> None:
    assert list(find_tables(text)) == []
