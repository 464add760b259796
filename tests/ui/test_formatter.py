"""Short texts about accounts, keys and errors in the windows."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview, Renewal
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.sharing.values import SharingStatus
from guarddog_gui.domain.tokens.record import PreviousToken
from guarddog_gui.ui.formatter import Formatter, elide_middle
from tests.builders import make_entry, make_record, make_refused_entry
from tests.fakes import NOW
from tests.runtime.harness import CAFE, SHOP, TOKEN, RuntimeHarness
from tests.ui.account_statuses import make_account_status

ENV = ExportTarget(ExportFormat.ENV, "/srv/shop/.env")
RUN = ExportTarget(ExportFormat.COMMAND, command=("notify",))
REFUSED = make_refused_entry(40164, errmsg="invalid ip 203.0.113.9", ip="203.0.113.9", endpoint="stable_token")


def make_key(
    state: KeyState = KeyState.FRESH,
    *,
    left: float | None = 3600,
    failure: HistoryEntry | None = None,
    next_attempt_at: float | None = None,
) -> KeyStatus:
    record = None if left is None else make_record("91_" + "v" * 60, at=NOW + left - 7200)
    return KeyStatus(TOKEN, state, record, failure, next_attempt_at)


def make_status(*keys: KeyStatus, account: Account = SHOP, exports: tuple[ExportStatus, ...] = ()) -> AccountStatus:
    return AccountStatus(account, keys, exports=exports)


def test_a_fresh_account_is_named_with_the_time_until_which_it_is_valid(formatter: Formatter) -> None:
    until = formatter.format_time(NOW + 3600)

    assert formatter.account_summary(make_status(make_key())) == f"Shop · until {until}"


def test_a_failed_account_is_named_with_its_errcode(formatter: Formatter) -> None:
    refused = make_status(make_key(KeyState.FAILED, left=None, failure=REFUSED))

    assert formatter.account_summary(refused) == "Shop · failed 40164"


def test_an_account_whose_value_works_is_not_called_failed(formatter: Formatter) -> None:
    key = replace(make_key(KeyState.FAILED, failure=REFUSED), renewal=Renewal.STOPPED)
    until = formatter.format_time(NOW + 3600)
    assert formatter.account_summary(make_status(key)) == f"Shop · works until {until} · renewal failing (40164)"
    assert formatter.overview_display_state(Overview(NOW, (make_status(key),))) is KeyState.DUE_SOON


def test_time_alone_ends_a_value_that_works(formatter: Formatter, harness: RuntimeHarness) -> None:
    status = make_status(replace(make_key(KeyState.FAILED, failure=REFUSED), renewal=Renewal.STOPPED))
    assert formatter.account_display_state(status) is KeyState.DUE_SOON
    harness.clock.advance(3600)
    assert formatter.account_display_state(status) is KeyState.FAILED
    harness.clock.advance(-3600)  # the clock was set back
    assert formatter.account_display_state(status) is KeyState.DUE_SOON


def test_without_an_account_there_is_no_state_to_show(formatter: Formatter) -> None:
    assert formatter.overview_display_state(Overview(NOW)) is None


def test_accounts_without_a_value_come_first_and_those_that_fail_to_renew_next(formatter: Formatter) -> None:
    fresh = make_status(make_key(), account=SHOP)
    refreshing = make_status(make_key(KeyState.REFRESHING), account=replace(SHOP, name="Refreshing"))
    failing = make_status(
        replace(make_key(KeyState.FAILED, failure=REFUSED), renewal=Renewal.FAILING),
        account=replace(SHOP, name="Amber"),
    )
    failed = make_status(make_key(KeyState.FAILED, left=None, failure=REFUSED), account=CAFE)
    ordered = formatter.failing_first(Overview(NOW, (fresh, refreshing, failing, failed)))
    assert [status.account.name for status in ordered] == ["Café", "Amber", "Shop", "Refreshing"]


def test_a_long_name_keeps_both_ends() -> None:
    assert elide_middle("Flower shop") == "Flower shop"
    shortened = elide_middle("n" * 30 + "e" * 30)
    assert (len(shortened), shortened[:2], shortened[-2:]) == (39, "nn", "ee")


def test_the_worst_error_is_that_of_the_failed_account(formatter: Formatter) -> None:
    fresh, failed = make_status(make_key()), make_status(make_key(KeyState.FAILED, failure=REFUSED), account=CAFE)

    error = formatter.worst_error(Overview(NOW, (fresh, failed)))

    assert error.startswith("Café: ")
    assert "203.0.113.9" in error
    assert formatter.worst_error(Overview(NOW, (fresh,))) == ""


def test_an_account_is_described_by_platform_and_endpoint(formatter: Formatter) -> None:
    assert formatter.account_description(SHOP) == "official account · stable"


def test_each_export_has_a_line_with_the_time_of_its_last_write(formatter: Formatter) -> None:
    status = make_status(make_key(), exports=(ExportStatus(ENV, NOW - 60), ExportStatus(RUN, NOW)))
    first, second = formatter.export_status_lines(status)
    assert first.endswith(formatter.format_time(NOW - 60))
    assert second.endswith(formatter.format_time(NOW))
    assert formatter.failed_exports_text(status) == ""


def test_failed_exports_are_named_alone(formatter: Formatter) -> None:
    failed = ExportStatus(RUN, NOW, error=ExportError(ExportErrorKind.EXIT, "3"))
    status = make_status(make_key(), exports=(ExportStatus(ENV, NOW), failed))

    assert formatter.failed_exports_text(status) == "not written: notify"
    assert "exit code 3" in formatter.export_status_lines(status)[1]


def test_an_errcode_has_a_reaction_and_a_page_in_the_console(formatter: Formatter) -> None:
    assert "has stopped trying" in formatter.reaction_text(REFUSED)
    assert (formatter.console_page_url(REFUSED) or "").startswith("https://")
    unknown = make_refused_entry(99999)
    assert "long pauses" in formatter.reaction_text(unknown)
    assert formatter.console_page_url(unknown) is None


def test_an_entry_without_an_errcode_has_neither(formatter: Formatter) -> None:
    entry = make_entry()

    assert formatter.reaction_text(entry) == ""
    assert formatter.console_page_url(entry) is None


def test_a_previous_token_is_masked(formatter: Formatter) -> None:
    previous = PreviousToken("91_a" + "b" * 50 + "7Qz4", NOW + 300)

    text = formatter.previous_token_text(previous)

    assert "91_a…7Qz4" in text
    assert "bbb" not in text
    assert formatter.format_time(NOW + 300) in text


def test_messages_of_the_jssdk_are_loaded_once(formatter: Formatter) -> None:
    assert formatter.jssdk_errors is formatter.jssdk_errors


def test_the_worst_error_says_when_it_is_tried_again(formatter: Formatter) -> None:
    failed = make_status(make_key(KeyState.FAILED, failure=REFUSED, next_attempt_at=NOW + 60))

    error = formatter.worst_error(Overview(NOW, (failed,)))

    assert error.endswith(f" · again at {formatter.format_time(NOW + 60)}")
    assert "again" not in formatter.worst_error(Overview(NOW + 61, (failed,)))


def test_the_tray_tells_of_a_redis_that_is_down_when_nothing_worse_is(formatter: Formatter) -> None:
    shared = replace(SHOP, sharing=Sharing(SharingRole.FOLLOWER, "redis://localhost"))
    down = SharingStatus(NOW, SharingProblem.UNREACHABLE, leader="build-server", written_at=NOW - 60)
    status = replace(make_account_status(shared), sharing=down)
    assert formatter.worst_error(Overview(NOW, (status,))) == "Shop: Redis cannot be reached."
    tooltip = formatter.account_tooltip(status)
    assert "follower · redis://localhost · from build-server, 1:00 ago" in tooltip
    assert "Redis cannot be reached." in tooltip
    assert "follower" in formatter.account_accessible_text(status)


def test_the_role_names_whom_a_follower_follows(formatter: Formatter) -> None:
    def role_of(role: SharingRole, leader: str) -> str:
        shared = replace(SHOP, sharing=Sharing(role, "redis://localhost"))
        return formatter.role_text(replace(make_account_status(shared), sharing=SharingStatus(NOW, leader=leader)))

    assert role_of(SharingRole.FOLLOWER, "build-server") == "follower of build-server"
    assert role_of(SharingRole.FOLLOWER, "") == "follower"
    assert role_of(SharingRole.LEADER, "build-server") == "leader"
    assert formatter.role_text(make_account_status(SHOP)) == ""
    assert formatter.sharing_lines(make_account_status(SHOP)) == ()
