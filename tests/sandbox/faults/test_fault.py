import pytest

from guarddog_gui.sandbox.faults.fault import Fault, Faults, How, named_fault

TOKEN = "/cgi-bin/token"
TICKET = "/cgi-bin/ticket/getticket"


def test_the_next_calls_fail_in_the_planned_order_and_then_no_more() -> None:
    faults = Faults()
    faults.fail(Fault(How.RESET), times=2)
    faults.fail(Fault(How.EMPTY))
    taken = [fault and fault.how for fault in (faults.take(TOKEN) for _ in range(4))]
    assert taken == [How.RESET, How.RESET, How.EMPTY, None]


@pytest.mark.parametrize("endpoint", ["getticket", TICKET])
def test_a_failure_of_one_endpoint_waits_for_a_call_to_it(endpoint: str) -> None:
    faults = Faults()
    faults.fail(Fault(How.RESET), endpoint=endpoint)
    assert faults.take(TOKEN) is None
    assert faults.take(TICKET) == Fault(How.RESET)
    assert faults.take(TICKET) is None


def test_two_equal_plans_are_two_plans() -> None:
    faults = Faults()
    for _ in range(2):
        faults.fail(Fault(How.RESET))
    assert faults.take(TOKEN)
    assert [times for _, times, _ in faults.planned()] == [1]


def test_clear_forgets_the_plans() -> None:
    faults = Faults()
    faults.fail(Fault(How.RESET), times=5)
    faults.clear()
    assert faults.take(TOKEN) is None


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("45009", Fault(How.ERRCODE, number=45009)),
        ("-1", Fault(How.ERRCODE, number=-1)),
        ("http-502", Fault(How.HTTP, number=502)),
        ("cut-off", Fault(How.CUT_OFF)),
        ("http-200", None),
        ("errcode", None),
        ("http", None),
        ("explode", None),
        ("", None),
    ],
)
def test_faults_have_names(name: str, fault: Fault | None) -> None:
    assert named_fault(name) == fault
