"""`serve keys`."""

import json

import pytest

from tests.cli.conftest import InProcessCli


@pytest.fixture
def ctl(guarddogctl: InProcessCli) -> InProcessCli:
    assert guarddogctl.add_account().exit_code == 0
    return guarddogctl


def test_a_key_is_alone_on_stdout_and_nowhere_in_the_home(ctl: InProcessCli) -> None:
    added = ctl("serve", "keys", "add", "ci")
    key = added.stdout.strip()
    assert (added.exit_code, added.stdout) == (0, f"{key}\n")
    assert key.startswith("gdk_")
    assert key not in added.stderr
    assert "only time" in added.stderr
    assert not any(key.encode() in path.read_bytes() for path in ctl.home.rglob("*") if path.is_file())
    assert key not in ctl("serve", "keys", "list").stdout


def test_accounts_are_named_or_the_default_one_is_meant(ctl: InProcessCli) -> None:
    ctl.add_account(ctl.mini, "Mini", "--platform", "mini-program")
    assert ctl("serve", "keys", "add", "unnamed").exit_code == 2
    assert ctl("serve", "keys", "add", "both", "--account", "Shop", "--account", "Mini").exit_code == 0
    assert ctl("serve", "keys", "add", "every", "--all-accounts").exit_code == 0
    assert ctl("serve", "keys", "add", "figures", "--metrics").exit_code == 0
    assert ctl("serve", "keys", "add", "nobody", "--account", "Nobody").exit_code == 3
    listed = ctl("serve", "keys", "list", "--json").json
    assert [(key["name"], key["appids"], key["all_accounts"], key["metrics"]) for key in listed] == [
        ("both", [ctl.shop.appid, ctl.mini.appid], False, False),
        ("every", [], True, False),
        ("figures", [], False, True),
    ]
    table = ctl("serve", "keys", "list").stdout
    assert "Shop, Mini" in table
    assert "all accounts" in table
    assert "/metrics only" in table
    assert "sha256" not in json.dumps(listed)


@pytest.mark.parametrize(("language", "words"), [("en", "a client “ci” already"), ("zh_CN", "已经有名为“ci”的客户端")])
def test_a_name_is_taken_once(ctl: InProcessCli, language: str, words: str) -> None:
    assert ctl("serve", "keys", "add", "ci").exit_code == 0
    again = ctl("serve", "keys", "add", "ci", GUARDDOG_LANG=language)
    assert (again.exit_code, again.stdout) == (2, "")
    assert words in again.stderr


def test_names_that_would_need_escaping_are_refused(ctl: InProcessCli) -> None:
    for name in ("a b", "é", "a" * 41):
        assert ctl("serve", "keys", "add", name).exit_code == 2


def test_revoking(ctl: InProcessCli) -> None:
    ctl("serve", "keys", "add", "ci")
    assert "two hours" in ctl("serve", "keys", "revoke", "ci").stderr
    assert ctl("serve", "keys", "revoke", "ci").exit_code == 3
    empty = ctl("serve", "keys", "list")
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert "serve keys add NAME" in empty.stderr


def test_a_damaged_list_is_reported_and_keeps_what_can_be_read(ctl: InProcessCli) -> None:
    ctl("serve", "keys", "add", "ci")
    path = ctl.home / "config" / "client_keys.json"
    fields = json.loads(path.read_text())
    path.write_text(json.dumps(fields | {"keys": [{"name": "broken"}, *fields["keys"]]}))
    listed = ctl("serve", "keys", "list")
    assert listed.exit_code == 7
    assert listed.stdout.startswith("ci ")
    assert "damaged" in listed.stderr


def test_a_mistyped_command_is_suggested(ctl: InProcessCli) -> None:
    assert "Did you mean “keys”" in ctl("serve", "key", "list").stderr
    assert ctl("serve", "keys", "ad", "x").exit_code == 2
