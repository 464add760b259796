"""Refreshes for clients, with the services on fakes."""

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.serve.values.live_values import ValueRefresh
from guarddog_gui.serve.values.refreshes import ValueRefreshes
from tests.builders import SECRET, SHOP, TOKEN
from tests.fakes import scripted_transport, token_reply
from tests.in_memory_services import ScriptedServices


def make(*replies: object) -> tuple[ScriptedServices, ValueRefreshes, list[Account]]:
    services = ScriptedServices(scripted_transport(*replies))  # type: ignore[arg-type]
    services.secrets.stored[SHOP.appid] = Secret(SECRET)
    exported: list[Account] = []
    refreshes = ValueRefreshes(
        dog_files=services.dogs, clock=services.clock, make_refresher=lambda: services.refresher,
        accounts_changed_at=lambda: 0.0, export=exported.append,
    )  # fmt: skip
    return services, refreshes, exported


def test_a_due_value_is_replaced_and_exported() -> None:
    services, refreshes, exported = make(token_reply("n" * 40))
    known = services.put_value(SHOP, TOKEN, "o" * 40, at=services.clock() - 7000)
    values = refreshes.refresh(ValueRefresh(SHOP, TOKEN, known))
    assert values.records[TOKEN].value == "n" * 40
    assert exported == [SHOP]


def test_a_value_that_another_process_has_just_written_is_taken() -> None:
    services, refreshes, exported = make()
    known = services.put_value(SHOP, TOKEN, "o" * 40, at=services.clock() - 7000)
    services.put_value(SHOP, TOKEN, "n" * 40)
    values = refreshes.refresh(ValueRefresh(SHOP, TOKEN, known))
    assert values.records[TOKEN].value == "n" * 40
    assert (services.transport.requests, exported) == ([], [])


def test_short_lives_are_due_by_their_own_measure() -> None:
    services, refreshes, _ = make(token_reply("n" * 40, 100))
    short = replace(SHOP, ahead=290)
    known = services.put_value(short, TOKEN, "o" * 40, at=services.clock() - 95, lifetime_s=100)
    assert refreshes.refresh(ValueRefresh(short, TOKEN, known)).records[TOKEN].value == "n" * 40


def test_doubts_ask_for_the_current_token() -> None:
    services, refreshes, exported = make(token_reply("n" * 40))
    known = services.put_value(SHOP, TOKEN, "o" * 40, at=services.clock() - 100)
    values = refreshes.refresh(ValueRefresh(SHOP, TOKEN, known, is_reported_invalid=True))
    assert values.records[TOKEN].value == "n" * 40
    assert dict(services.transport.requests[0].body or ())["force_refresh"] is False
    assert exported == [SHOP]


def test_a_new_token_on_a_full_disk_is_in_the_result() -> None:
    services, refreshes, _ = make(token_reply("n" * 40))
    known = services.put_value(SHOP, TOKEN, "o" * 40, at=services.clock() - 100)
    services.dogs.is_disk_full = True
    values = refreshes.refresh(ValueRefresh(SHOP, TOKEN, known, is_reported_invalid=True))
    assert [record.value for _, record in values.unwritten] == ["n" * 40]
    assert values.failure is not None
    assert values.failure.entry.result is AttemptResult.NOT_WRITTEN
