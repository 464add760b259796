"""`history`: what was tried, by whom and with what result."""

from datetime import UTC, datetime

import pytest

from guarddog_gui.cli.commands.history import parse_since, parse_until
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW


@pytest.fixture
def shell(guarddogctl: InProcessCli) -> InProcessCli:
    """An account was added, an hour later a refresh was refused, and another hour later one went well."""
    guarddogctl.add_account()
    guarddogctl.clock.advance(3600)
    guarddogctl.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))
    guarddogctl("refresh", "--key", "ACCESS_TOKEN")
    guarddogctl.clock.advance(3600)
    guarddogctl("refresh", "--key", "ACCESS_TOKEN")
    return guarddogctl


def test_the_newest_comes_first(shell: InProcessCli) -> None:
    lines = shell("history").stdout.splitlines()

    assert [next(w for w in line.split() if w in ("new", "refused")) for line in lines] == ["new", "refused", "new"]
    assert "40164" in lines[1]
    assert "127.0.0.1" in lines[1]
    assert all("Shop" in line for line in lines)


def test_json_has_every_field_of_an_attempt(shell: InProcessCli) -> None:
    _, refused, _ = shell("history", "--json").json

    assert refused["at"] == NOW + 3600
    assert refused["result"] == "refused"
    assert (refused["errcode"], refused["ip"], refused["calls"]) == (40164, "127.0.0.1", 1)
    assert refused["rid"]
    assert refused["errmsg"]
    assert refused["endpoint"] == "stable_token"


def test_failures_alone_can_be_asked_for(shell: InProcessCli) -> None:
    assert [entry["errcode"] for entry in shell("history", "--errors", "--json").json] == [40164]


@pytest.mark.parametrize(("since", "count"), [("90m", 2), ("1s", 1), (str(int(NOW)), 3), ("2100-01-01", 0)])
def test_since_leaves_out_what_is_older(shell: InProcessCli, since: str, count: int) -> None:
    assert len(shell("history", "--since", since, "--json").json) == count


@pytest.mark.parametrize(
    ("until", "count"), [("90m", 1), ("30m", 2), ("0s", 3), (str(int(NOW) - 1), 0), ("2100-01-01", 3)]
)
def test_until_leaves_out_what_is_newer(shell: InProcessCli, until: str, count: int) -> None:
    assert len(shell("history", "--until", until, "--json").json) == count


def test_since_and_until_together_are_a_span(shell: InProcessCli) -> None:
    (only,) = shell("history", "--since", "90m", "--until", "30m", "--json").json
    assert only["at"] == NOW + 3600

    ran = shell("history", "--since", "30m", "--until", "90m")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "--since is later than --until" in ran.stderr


def test_key_and_errcode_choose_attempts(shell: InProcessCli) -> None:
    shell("refresh", "--key", "JSAPI_TICKET")

    keys = {entry["key"] for entry in shell("history", "--key", "JSAPI_TICKET", "--json").json}
    assert keys == {"JSAPI_TICKET"}
    assert [entry["errcode"] for entry in shell("history", "--errcode", "40164", "--json").json] == [40164]
    assert shell("history", "--errcode", "-1", "--json").json == []
    assert shell("history", "--key", "JSAPI_TICKET", "--errcode", "40164", "--json").json == []
    assert shell("history", "--errcode", "40164 ").exit_code == 2
    assert "Did you mean “JSAPI_TICKET”?" in shell("history", "--key", "JSAPI_TIKET").stderr


def test_the_limit_counts_from_the_newest(shell: InProcessCli) -> None:
    (newest,) = shell("history", "--limit", "1", "--json").json

    assert newest["at"] == NOW + 7200


def test_one_account_can_be_asked_for(shell: InProcessCli) -> None:
    shell.add_account(shell.mini, "小店", "--platform", "mini-program")

    assert len(shell("history", "小店", "--json").json) == 1
    assert len(shell("history", "--json").json) == 4, "it needs no account even with several"
    assert shell("history", "nobody").exit_code == 3


def test_an_account_that_is_gone_keeps_its_past_under_its_appid(shell: InProcessCli) -> None:
    shell("accounts", "remove", "Shop")

    assert shell.shop.appid in shell("history").stdout
    assert len(shell("history", shell.shop.appid, "--json").json) == 3
    assert shell("history", "Shop").exit_code == 3


def test_many_are_read_page_by_page(shell: InProcessCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guarddog_gui.cli.commands.history._PAGE_SIZE", 2)

    times = [entry["at"] for entry in shell("history", "--json").json]

    assert times == [NOW + 7200, NOW + 3600, NOW]


@pytest.mark.parametrize("arguments", [("--since", "yesterday"), ("--limit", "0"), ("--limit", "x"), ("--limit", "-3")])
def test_what_cannot_be_meant_is_wrong_usage(shell: InProcessCli, arguments: tuple[str, ...]) -> None:
    assert shell("history", *arguments).exit_code == 2


def test_nothing_found_is_said_so(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("history")

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "nothing" in ran.stderr
    assert guarddogctl("history", "--json").stdout == "[]\n"


def test_a_damaged_history_is_kept_aside_and_a_new_one_begins(shell: InProcessCli) -> None:
    file = shell.home / "data" / "history.sqlite3"
    for companion in file.parent.glob("history.sqlite3-*"):
        companion.unlink()
    file.write_bytes(b"no database" * 1000)

    ran = shell("history")

    (kept,) = file.parent.glob("history.sqlite3.damaged-*")
    assert kept.read_bytes().startswith(b"no database")
    assert str(kept) in ran.stderr
    assert shell("refresh", "--key", "ACCESS_TOKEN").exit_code == 0
    assert len(shell("history", "--json").json) == 1


def test_a_history_that_cannot_be_opened_ends_with_seven(guarddogctl: InProcessCli) -> None:
    (guarddogctl.home / "data").write_text("a file in the place of the folder")

    ran = guarddogctl("history")

    assert ran.exit_code == 7
    assert "history.sqlite3" in ran.stderr


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("30m", 1800), ("2h", 7200), ("7d", 604_800), ("1w", 604_800), ("0s", 0)]
)
def test_a_length_counts_back_from_now(text: str, seconds: int) -> None:
    assert parse_since(text, NOW) == NOW - seconds


@pytest.mark.parametrize("text", ["1790000000", "1790000000.25"])
def test_a_number_is_unix_seconds(text: str) -> None:
    assert parse_since(text, NOW) == float(text)


def test_iso_8601_with_an_offset_is_that_moment_and_without_one_it_is_local() -> None:
    assert parse_since("2026-11-03T14:40:00+08:00", NOW) == datetime(2026, 11, 3, 6, 40, tzinfo=UTC).timestamp()
    assert parse_since("2026-11-03 14:40", NOW) == datetime(2026, 11, 3, 14, 40).astimezone().timestamp()
    assert parse_since("2026-11-03", NOW) == datetime(2026, 11, 3).astimezone().timestamp()


def test_a_date_alone_includes_that_day_as_the_end_of_a_span() -> None:
    assert parse_until("2026-11-03", NOW) == datetime(2026, 11, 4).astimezone().timestamp() - 0.001
    assert parse_until("2026-11-03T14:40", NOW) == parse_since("2026-11-03T14:40", NOW)
    assert parse_until("2h", NOW) == NOW - 7200
    assert parse_until("9999-12-31", NOW) is None
    assert parse_until("2026-02-30", NOW) is None


@pytest.mark.parametrize("text", ["", "yesterday", "2 h", "-2h", "2y", "2026-13-01", "9" * 400, "9" * 400 + "d", "nan"])
def test_anything_else_is_no_moment(text: str) -> None:
    assert parse_since(text, NOW) is None
