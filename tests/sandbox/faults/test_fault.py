"""The plan of faults, and their names."""

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind, FaultPlan, parse_fault

TOKEN = "/cgi-bin/token"
TICKET = "/cgi-bin/ticket/getticket"


def test_faults_apply_to_the_next_calls_in_the_planned_order() -> None:
    faults = FaultPlan()
    faults.add(Fault(FaultKind.RESET), times=2)
    faults.add(Fault(FaultKind.EMPTY_BODY))
    taken = [fault and fault.kind for fault in (faults.pop_next(TOKEN) for _ in range(4))]
    assert taken == [FaultKind.RESET, FaultKind.RESET, FaultKind.EMPTY_BODY, None]


@pytest.mark.parametrize("endpoint", ["getticket", TICKET])
def test_a_fault_of_one_endpoint_waits_for_a_call_to_it(endpoint: str) -> None:
    faults = FaultPlan()
    faults.add(Fault(FaultKind.RESET), endpoint=endpoint)
    assert faults.pop_next(TOKEN) is None
    assert faults.pop_next(TICKET) == Fault(FaultKind.RESET)
    assert faults.pop_next(TICKET) is None


def test_two_equal_plans_count_twice() -> None:
    faults = FaultPlan()
    for _ in range(2):
        faults.add(Fault(FaultKind.RESET))
    assert faults.pop_next(TOKEN)
    assert [times for _, times, _ in faults.pending()] == [1]


def test_clear_removes_the_plans() -> None:
    faults = FaultPlan()
    faults.add(Fault(FaultKind.RESET), times=5)
    faults.clear()
    assert faults.pop_next(TOKEN) is None


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("45009", Fault(FaultKind.ERRCODE, number=45009)),
        ("-1", Fault(FaultKind.ERRCODE, number=-1)),
        ("http-502", Fault(FaultKind.HTTP_STATUS, number=502)),
        ("cut-off", Fault(FaultKind.CUT_OFF)),
        ("http-200", None),
        ("errcode", None),
        ("http", None),
        ("explode", None),
        ("", None),
    ],
)
def test_faults_are_parsed_by_name(name: str, fault: Fault | None) -> None:
    assert parse_fault(name) == fault
