import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.adapters.files.config_files import AccountsFile, SettingsFile, parse_accounts, parse_settings
from guarddog_gui.domain.accounts.account import Account, stored_account_problem
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.settings import Settings, Theme, settings_problem
from guarddog_gui.domain.transfer import PendingImport
from tests.adapters.files.account_lists import MINI, SHOP, fields_of, fill, keep

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


def test_relative_folder_of_an_earlier_version_is_accepted(path: Path) -> None:
    fill(path, {"version": 1, "accounts": [fields_of(SHOP, dog_dir="dogs")]})
    accounts = AccountsFile(path)
    assert accounts.load() == (replace(SHOP, dog_dir="dogs"),)
    assert not accounts.is_damaged


def test_signature_fields_of_an_account_are_stored(path: Path) -> None:
    AccountsFile(path).update(keep(FULL))
    assert AccountsFile(path).load() == (FULL,)


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
    fill(path, {"version": 1, "of_another_version": [1, 2]})
    SettingsFile(path).save(Settings(clipboard_s=5))
    assert json.loads(path.read_text())["of_another_version"] == [1, 2]


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


def test_a_removal_is_stored_with_the_list_until_it_is_finished(path: Path) -> None:
    removal = PendingRemoval(SHOP.appid, SHOP.name, purge=True)
    AccountsFile(path).update(keep(SHOP, MINI))

    AccountsFile(path).start_removal(removal)
    assert AccountsFile(path).load() == (MINI,)
    AccountsFile(path).update(keep(MINI))  # another change leaves it stored
    assert AccountsFile(path).pending_removals() == (removal,)

    AccountsFile(path).finish_removal(SHOP.appid)
    assert AccountsFile(path).pending_removals() == ()


def test_a_listed_account_has_no_pending_removal(path: Path) -> None:
    removal = PendingRemoval(SHOP.appid, SHOP.name)
    AccountsFile(path).start_removal(removal, if_unlisted=True)
    assert AccountsFile(path).pending_removals() == (removal,)
    AccountsFile(path).update(keep(SHOP))
    assert AccountsFile(path).pending_removals() == ()
    AccountsFile(path).start_removal(removal, if_unlisted=True)
    assert AccountsFile(path).load() == (SHOP,)
    assert AccountsFile(path).pending_removals() == ()


def test_damaged_removals_are_skipped(path: Path) -> None:
    removals = [{"appid": "../x", "name": "Shop"}, 1, {"appid": SHOP.appid, "name": "Shop"}]
    fill(path, {"version": 1, "accounts": [], "removals": removals})
    assert AccountsFile(path).pending_removals() == (PendingRemoval(SHOP.appid, "Shop"),)


def test_a_removal_that_can_be_undone_keeps_the_whole_account(path: Path) -> None:
    account = replace(SHOP, exports=(ExportTarget(ExportFormat.ENV, "/srv/.env"),), group="Shops")
    removal = PendingRemoval(SHOP.appid, SHOP.name, removed=account, position=3, undo_until=1e9)
    AccountsFile(path).start_removal(removal)
    assert AccountsFile(path).pending_removals() == (removal,)
    AccountsFile(path).start_removal(PendingRemoval(SHOP.appid, SHOP.name), if_unlisted=True)
    assert AccountsFile(path).pending_removals() == (removal,)  # adding it anew keeps the undo until it has succeeded
    AccountsFile(path).start_removal(PendingRemoval(SHOP.appid, SHOP.name))
    assert AccountsFile(path).pending_removals() == (PendingRemoval(SHOP.appid, SHOP.name),)


def test_an_import_is_stored_with_the_list_until_it_is_over(path: Path) -> None:
    pending = PendingImport((MINI.appid,), (SHOP.appid,), Settings(theme=Theme.DARK))
    AccountsFile(path).update(keep(SHOP))

    AccountsFile(path).store_import(pending)
    assert AccountsFile(path).load() == (SHOP,)
    AccountsFile(path).update(keep(SHOP))  # another change leaves it stored
    assert AccountsFile(path).pending_import() == pending

    done = replace(pending, settings=None, is_done=True)
    AccountsFile(path).store_import(done, keep(SHOP, MINI))
    assert (AccountsFile(path).load(), AccountsFile(path).pending_import()) == ((SHOP, MINI), done)

    AccountsFile(path).store_import(None)
    assert AccountsFile(path).pending_import() is None
    assert "import" not in json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "field", [1, {}, {"added": ["../x"], "replaced": []}, {"added": "wx1", "replaced": []}, {"added": []}]
)
def test_a_damaged_import_is_skipped(path: Path, field: object) -> None:
    fill(path, {"version": 1, "accounts": [], "import": field})
    assert AccountsFile(path).pending_import() is None


def test_a_removal_whose_account_is_damaged_is_finished_without_undo(path: Path) -> None:
    AccountsFile(path).start_removal(PendingRemoval(SHOP.appid, SHOP.name, removed=SHOP, undo_until=1e9))
    path.write_text(path.read_text("utf-8").replace('"ahead": 290', '"ahead": -1'), "utf-8")
    assert [(each.appid, each.removed) for each in AccountsFile(path).pending_removals()] == [(SHOP.appid, None)]
