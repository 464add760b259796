import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile, parse_accounts, parse_settings
from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, stored_account_problem
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget, target_to_dict
from guarddog_gui.domain.settings import Settings, settings_problem
from tests.adapters.unprivileged import permission_bits, read_only_folder, set_umask, unprivileged_folder

POSIX = pytest.mark.only_on("linux", "darwin")
SHOP = Account("wx00000000000000a1", "小店 Shop")
MINI = Account("wx00000000000000b2", "Mini", Platform.MINI_PROGRAM, Endpoint.CLASSIC, "/srv/dogs", 600)
FULL = Account(
    "wx00000000000000c3",
    "Full",
    card_ticket=True,
    js_domains=("www.example.com", "中文.中国"),
    exports=(
        ExportTarget(ExportFormat.ENV, "/srv/小店/.env"),
        ExportTarget(ExportFormat.COMMAND, command=("notify", "a b")),
    ),
)

ADDER = """
import sys
from pathlib import Path
from guarddog_gui.adapters.files.config_files import AccountsFile
from guarddog_gui.domain.accounts.account import Account
for n in range(20):
    AccountsFile(Path(sys.argv[1])).update(lambda known: (*known, Account(f"wx{sys.argv[2]}_{n}", "Shop")))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "accounts.json"


def fill(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")


def keep(*accounts: Account) -> Callable[[tuple[Account, ...]], tuple[Account, ...]]:
    return lambda _: accounts


def fields_of(account: Account, **changes: object) -> dict[str, Any]:
    names = ("appid", "name", "platform", "endpoint", "dog_dir", "ahead", "card_ticket")
    fields = {name: getattr(account, name) for name in names}
    lists = {"js_domains": list(account.js_domains), "outlets": list(map(target_to_dict, account.exports))}
    return fields | lists | changes


# -- accounts -------------------------------------------------------------------------------------


def test_missing_file_has_no_accounts_and_is_not_created(path: Path) -> None:
    assert AccountsFile(path).load() == ()
    assert not path.parent.exists()


def test_accounts_keep_their_order_and_readable_names(path: Path) -> None:
    AccountsFile(path).update(keep(SHOP, MINI))
    assert AccountsFile(path).load() == (SHOP, MINI)
    text = path.read_text(encoding="utf-8")
    assert "小店" in text
    assert json.loads(text) == {"version": 1, "accounts": [fields_of(SHOP), fields_of(MINI)]}


def test_update_sees_what_another_process_has_written(path: Path) -> None:
    ours, theirs = AccountsFile(path), AccountsFile(path)
    ours.update(keep(SHOP))
    theirs.update(lambda known: (*known, MINI))
    ours.update(lambda known: (*known, replace(SHOP, appid="wx3")))
    assert [account.appid for account in ours.load()] == [SHOP.appid, MINI.appid, "wx3"]


def test_relative_folder_of_an_earlier_version_is_accepted(path: Path) -> None:
    fill(path, {"version": 1, "accounts": [fields_of(SHOP, dog_dir="dogs")]})
    accounts = AccountsFile(path)
    assert accounts.load() == (replace(SHOP, dog_dir="dogs"),)
    assert not accounts.is_damaged


def test_signature_fields_of_an_account_are_stored(path: Path) -> None:
    AccountsFile(path).update(keep(FULL))
    assert AccountsFile(path).load() == (FULL,)


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o077])
def test_file_is_private_whatever_the_umask(path: Path, bits: int) -> None:
    with set_umask(bits):
        AccountsFile(path).update(keep(SHOP))
    assert (permission_bits(path), permission_bits(path.parent)) == (0o600, 0o700)


def test_file_written_by_hand_may_omit_defaults_and_have_a_bom(path: Path) -> None:
    fill(path, '\ufeff{"accounts": [{"appid": "wx1", "name": "Shop"}]}')
    accounts = AccountsFile(path)
    assert accounts.load() == (Account("wx1", "Shop"),)
    assert accounts.damaged_backup is None


def test_unknown_fields_survive_an_update(path: Path) -> None:
    fill(path, {"version": 1, "theme": "x", "accounts": [fields_of(SHOP, colour="red"), fields_of(MINI)]})
    AccountsFile(path).update(lambda known: (*known[1:], replace(known[0], name="New")))
    assert json.loads(path.read_text()) == {
        "version": 1,
        "theme": "x",
        "accounts": [fields_of(MINI), fields_of(SHOP, name="New", colour="red")],
    }


@pytest.mark.only_on("linux")
def test_folder_name_that_is_not_utf8_survives_a_round_trip(path: Path) -> None:
    account = replace(SHOP, dog_dir=os.fsdecode(b"/dogs/\xff"))
    AccountsFile(path).update(keep(account))
    assert AccountsFile(path).load() == (account,)


BAD_ACCOUNTS = [
    None,
    "wx1",
    {},
    {"appid": "wx1"},
    fields_of(SHOP, appid="../escape"),
    fields_of(SHOP, appid=7),
    fields_of(SHOP, name=""),
    fields_of(SHOP, platform="toaster"),
    fields_of(SHOP, platform=[]),
    fields_of(SHOP, endpoint=None),
    fields_of(SHOP, ahead="290"),
    fields_of(SHOP, ahead=True),
    fields_of(SHOP, ahead=3000),
    fields_of(SHOP, dog_dir=""),
    fields_of(SHOP, dog_dir=[]),
    fields_of(SHOP, card_ticket="yes"),
    fields_of(SHOP, card_ticket=1),
    fields_of(SHOP, card_ticket=None),
    fields_of(SHOP, js_domains="www.example.com"),
    fields_of(SHOP, js_domains=None),
    fields_of(SHOP, js_domains=[7]),
    fields_of(SHOP, outlets=None),
    fields_of(SHOP, outlets=[{"form": "redis", "path": "/x"}]),
    fields_of(SHOP, outlets=[{"form": "env", "path": "relative"}]),
    fields_of(SHOP, js_domains=["www.example.com", "https://www.example.com"]),
    fields_of(MINI),  # the same appid twice
]


@pytest.mark.parametrize("bad", BAD_ACCOUNTS)
def test_one_invalid_account_keeps_the_others_and_backs_up_the_file(path: Path, bad: object) -> None:
    fill(path, {"version": 1, "accounts": [fields_of(MINI), bad]})
    before = path.read_bytes()
    accounts = AccountsFile(path)
    assert accounts.load() == (MINI,)
    assert accounts.damaged_backup is not None
    assert accounts.damaged_backup.read_bytes() == before
    assert accounts.damaged_backup.name.startswith("accounts.json.damaged-")
    assert path.read_bytes() == before  # the user may have it open in an editor
    assert accounts.is_damaged
    again = AccountsFile(path)
    assert again.load() == (MINI,)
    assert again.damaged_backup == accounts.damaged_backup  # the same damage is copied once
    again.update(lambda known: known)
    assert AccountsFile(path).load() == (MINI,)
    assert not again.is_damaged


@pytest.mark.parametrize(
    "content", ["", "{", '{"version":1,"accounts":[', "null", "[]", "7", "\0" * 50, "[" * 100_000, '{"accounts": {}}']
)
def test_unreadable_file_is_backed_up_before_the_first_write(path: Path, content: str) -> None:
    fill(path, content)
    accounts = AccountsFile(path)
    accounts.update(lambda known: (*known, SHOP))
    assert accounts.load() == (SHOP,)
    assert accounts.damaged_backup is not None
    assert accounts.damaged_backup.read_text() == content


@pytest.mark.parametrize("version", [0, -1, "1", None, 1.5, []])
def test_invalid_version_is_damage(path: Path, version: object) -> None:
    fill(path, {"version": version, "accounts": [fields_of(SHOP)]})
    accounts = AccountsFile(path)
    assert accounts.load() == (SHOP,)
    assert accounts.damaged_backup is not None


def test_file_of_a_newer_version_is_read_but_never_written(path: Path) -> None:
    fill(path, {"version": 2, "accounts": [fields_of(SHOP), {"shape": "of the future"}]})
    before = path.read_bytes()
    accounts = AccountsFile(path)
    assert accounts.load() == (SHOP,)
    with pytest.raises(FileError, match="newer Guard Dog"):
        accounts.update(keep())
    assert (path.read_bytes(), accounts.damaged_backup) == (before, None)


@POSIX
def test_damaged_file_in_a_read_only_folder_is_read_and_left_alone() -> None:
    with unprivileged_folder() as folder:
        path = folder / "accounts.json"
        fill(path, {"version": 1, "accounts": [fields_of(SHOP), 7]})
        before = path.read_bytes()
        accounts = AccountsFile(path)
        with read_only_folder(folder):
            assert accounts.load() == (SHOP,)
            with pytest.raises(FileError, match="permission denied"):
                accounts.update(keep(MINI))
        assert (path.read_bytes(), accounts.damaged_backup) == (before, None)


@POSIX
def test_file_without_read_permission_is_an_error_and_not_overwritten() -> None:
    with unprivileged_folder() as folder:
        accounts = AccountsFile(folder / "accounts.json")
        accounts.update(keep(SHOP))
        (folder / "accounts.json").chmod(0o000)
        with pytest.raises(FileError, match="permission denied"):
            accounts.load()
        with pytest.raises(FileError, match="permission denied"):
            accounts.update(keep(MINI))
        (folder / "accounts.json").chmod(0o600)
        assert accounts.load() == (SHOP,)


@POSIX
def test_link_to_the_users_dotfiles_is_read_and_replaced_by_an_update(path: Path) -> None:
    theirs = path.parent.parent / "dotfiles.json"
    fill(theirs, {"version": 1, "accounts": [fields_of(SHOP)]})
    before = theirs.read_bytes()
    path.parent.mkdir()
    path.symlink_to(theirs)
    accounts = AccountsFile(path)
    assert accounts.load() == (SHOP,)
    accounts.update(keep(MINI))
    assert (path.is_symlink(), theirs.read_bytes()) == (False, before)


def test_stamp_changes_when_another_process_changes_the_list(path: Path) -> None:
    accounts = AccountsFile(path)
    assert accounts.stamp() is None
    accounts.update(keep(SHOP))
    first = accounts.stamp()
    assert accounts.stamp() == first
    AccountsFile(path).update(keep(MINI))
    assert accounts.stamp() != first


def test_exception_of_an_edit_propagates_and_nothing_is_written(path: Path) -> None:
    accounts = AccountsFile(path)
    accounts.update(keep(SHOP))

    def refuse(_known: tuple[Account, ...]) -> tuple[Account, ...]:
        raise KeyError

    with pytest.raises(KeyError):
        accounts.update(refuse)
    accounts.update(lambda known: known)  # the lock is free again
    assert accounts.load() == (SHOP,)


def test_concurrent_threads_and_processes_lose_no_account(path: Path) -> None:
    programs = [subprocess.Popen([sys.executable, "-c", ADDER, str(path), str(n)]) for n in range(2)]
    accounts = AccountsFile(path)

    def add(name: str) -> None:
        for n in range(20):
            accounts.update(lambda known, n=n: (*known, Account(f"wx{name}_{n}", "Shop")))  # type: ignore[misc]  # mypy cannot infer a lambda with a default

    threads = [threading.Thread(target=add, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [program.wait() for program in programs] == [0, 0]
    assert len(accounts.load()) == 80


# -- settings -------------------------------------------------------------------------------------


def test_settings_have_defaults_and_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    assert SettingsFile(path).load() == Settings()
    assert not path.exists()
    chosen = Settings(language="zh_CN", clipboard_s=0, close_hint_shown=True)
    SettingsFile(path).save(chosen)
    assert SettingsFile(path).load() == chosen
    assert json.loads(path.read_text())["version"] == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"language": "tlh"}, Settings(clipboard_s=7, close_hint_shown=True)),
        ({"clipboard_s": -1}, Settings("en", close_hint_shown=True)),
        ({"clipboard_s": "7"}, Settings("en", close_hint_shown=True)),
        ({"clipboard_s": True}, Settings("en", close_hint_shown=True)),
        ({"close_hint_shown": 1}, Settings("en", 7)),
    ],
)
def test_only_an_invalid_setting_falls_back_to_its_default(
    tmp_path: Path, changes: dict[str, object], expected: Settings
) -> None:
    path = tmp_path / "settings.json"
    fill(path, {"version": 1, "language": "en", "clipboard_s": 7, "close_hint_shown": True, **changes})
    stored = SettingsFile(path)
    assert stored.load() == expected
    assert stored.damaged_backup is not None
    assert stored.load_error is None


def test_damaged_settings_load_as_defaults_and_are_backed_up(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    fill(path, "{half")
    stored = SettingsFile(path)
    assert stored.load() == Settings()
    assert stored.damaged_backup is not None
    assert stored.damaged_backup.read_text() == "{half"


def test_inaccessible_settings_load_as_defaults_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()
    stored = SettingsFile(path)
    assert stored.load() == Settings()
    assert stored.load_error is not None
    with pytest.raises(FileError):
        stored.save(Settings(clipboard_s=1))
    path.rmdir()
    stored.save(Settings(clipboard_s=1))
    assert stored.load() == Settings(clipboard_s=1)
    assert str(stored.load_error) == "None"


def test_unknown_settings_survive_a_save(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    fill(path, {"version": 1, "window": [1, 2]})
    SettingsFile(path).save(Settings(clipboard_s=5))
    assert json.loads(path.read_text())["window"] == [1, 2]


# -- anything -------------------------------------------------------------------------------------

# the first example pays for hypothesis's own tables; the folder of a fixture may serve many examples
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)
FIELD = JSON | st.sampled_from(["official", "mini-program", "stable", "classic", "wx1", 290, 0, None, "en"])
ITEM = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("appid", "name", "platform", "endpoint", "dog_dir", "ahead"), FIELD)
)


@UNHURRIED
@given(st.fixed_dictionaries({}, optional={"accounts": st.lists(ITEM | JSON, max_size=4) | JSON}))
def test_any_content_is_read_as_valid_accounts_or_none(fields: dict[str, object]) -> None:
    accounts, _ = parse_accounts(fields)
    assert all(stored_account_problem(account) is None for account in accounts)
    assert len({account.appid for account in accounts}) == len(accounts)


@UNHURRIED
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("language", "clipboard_s", "close_hint_shown"), FIELD)))
def test_any_content_is_read_as_valid_settings(fields: dict[str, object]) -> None:
    assert settings_problem(parse_settings(fields)[0]) is None


@settings(UNHURRIED, max_examples=50)
@given(content=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_valid_after_an_account_was_added(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    accounts = AccountsFile(path)
    accounts.load()
    try:
        accounts.update(lambda known: (*known, SHOP))
    except FileError as error:
        assert "newer" in error.reason  # noqa: PT017 - only this one is right
    else:
        assert SHOP in AccountsFile(path).load()
