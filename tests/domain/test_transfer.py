"""Accounts that move to another computer: what is new, replaced, kept, and which places are missing there."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.settings import Settings, Theme, WindowState
from guarddog_gui.domain.transfer import (
    LeftOutPlace,
    MovedAccount,
    TransferContent,
    merge_imported_settings,
    plan_import,
    portable_settings,
    with_imported,
)

SHOP = Account("wx1234567890abcdef", "Shop")
CAFE = Account("wxabcdef1234567891", "Café")
SECRET = Secret("0123456789abcdef0123456789abcdef")


def content(*accounts: Account) -> TransferContent:
    return TransferContent(tuple(MovedAccount(account, SECRET) for account in accounts), Settings())


def test_an_account_that_exists_here_is_kept_unless_it_is_to_be_replaced() -> None:
    here = (replace(SHOP, name="Shop here"),)

    kept = plan_import(content(SHOP, CAFE), here, lambda _: True, replaces_existing=False)
    assert [moved.account for moved in kept.added] == [CAFE]
    assert [moved.account for moved in kept.kept] == [SHOP]
    assert with_imported(here, kept) == (*here, CAFE)
    replaced = plan_import(content(SHOP, CAFE), here, lambda _: True, replaces_existing=True)
    assert [moved.account for moved in replaced.replaced] == [SHOP]
    assert with_imported(here, replaced) == (SHOP, CAFE)


def test_the_order_of_the_file_and_the_place_of_a_replaced_account_are_kept() -> None:
    other = Account("wx9", "Other")
    plan = plan_import(content(CAFE, SHOP), (SHOP, other), lambda _: True, replaces_existing=True)

    assert with_imported((SHOP, other), plan) == (SHOP, other, CAFE)
    assert with_imported((), plan) == (CAFE,), "one that was removed meanwhile is not put back"


def test_an_account_that_another_process_has_added_meanwhile_is_left_as_it_is() -> None:
    plan = plan_import(content(SHOP), (), lambda _: True, replaces_existing=False)
    here = replace(SHOP, name="Shop here")

    assert with_imported((here,), plan) == (here,)


def test_places_that_this_computer_does_not_have_are_left_out() -> None:
    exports = (
        ExportTarget(ExportFormat.PHP_JSON, "/srv/php"),
        ExportTarget(ExportFormat.ENV, "/srv/app/.env"),
        ExportTarget(ExportFormat.COMMAND, command=("/opt/notify", "x")),
        ExportTarget(ExportFormat.COMMAND, command=("notify",)),
    )
    account = replace(SHOP, dog_dir="/srv/dogs", exports=exports)

    nothing = plan_import(content(account), (), lambda _: False, replaces_existing=False)
    (moved,) = nothing.added
    assert (moved.account.dog_dir, moved.account.exports) == (None, exports[3:]), "a program is found by its name"
    assert [left_out.place for left_out in nothing.left_out] == [
        "/srv/dogs",
        "/srv/php",
        "/srv/app/.env",
        "/opt/notify x",
    ]
    asked: list[str] = []

    def path_exists(path: str) -> bool:
        asked.append(path)
        return True

    plan = plan_import(content(account), (), path_exists, replaces_existing=False)
    assert plan.added[0].account == account
    assert asked == ["/srv/dogs", "/srv/php", "/srv/app", "/opt/notify"]


def test_foreign_places_are_named_for_the_accounts_that_are_imported() -> None:
    moved = replace(
        content(SHOP, CAFE), foreign_places=(LeftOutPlace(SHOP.appid, "C:\\a"), LeftOutPlace(CAFE.appid, "D:\\"))
    )

    plan = plan_import(moved, (SHOP,), lambda _: True, replaces_existing=False)

    assert plan.left_out == (LeftOutPlace(CAFE.appid, "D:\\"),)


def test_window_pause_and_hints_stay_on_their_computer() -> None:
    there = Settings(
        theme=Theme.DARK,
        default_account="wx1",
        window=WindowState(page="history"),
        paused_until=5.0,
        close_hint_shown=True,
    )
    assert portable_settings(there) == Settings(theme=Theme.DARK, default_account="wx1")
    here = Settings(window=WindowState(page="sign"), paused_until=7.0)
    assert merge_imported_settings(here, portable_settings(there)) == replace(
        here, theme=Theme.DARK, default_account="wx1"
    )


def test_no_secret_is_in_the_repr() -> None:
    assert SECRET.reveal() not in repr(plan_import(content(SHOP), (), lambda _: True, replaces_existing=False))
    assert SECRET.reveal() not in repr(content(SHOP))
