"""Problems at their fields: every problem of an account has a field, and half-filled forms show none."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.ui.accounts.field_problems import FIELD_OF_PROBLEM, field_problem
from guarddog_gui.ui.sharing.problem_fields import FIELD_OF_INPUT

EMPTY = Account("", "")
FIELDS = sorted(set(FIELD_OF_PROBLEM.values()))


@pytest.mark.parametrize("name", FIELDS)
def test_an_empty_form_has_no_problem(name: str) -> None:
    assert field_problem(name, EMPTY, Secret("")) is None


@pytest.mark.parametrize(
    ("name", "account", "problem"),
    [
        ("appid", replace(EMPTY, appid="ww0123456789abcdef"), InputProblem.CORP_ID),
        ("name", replace(EMPTY, name="x" * 81), InputProblem.INVALID_NAME),
        ("group", replace(EMPTY, group="x" * 81), InputProblem.INVALID_GROUP),
        ("folder", replace(EMPTY, dog_dir="dogs"), InputProblem.INVALID_DOG_DIR),
        ("refresh-ahead", replace(EMPTY, ahead=400), InputProblem.REFRESH_AHEAD_TOO_LONG_FOR_STABLE),
        ("js-domains", replace(EMPTY, js_domains=("a.cn/x",)), InputProblem.JS_DOMAIN_HAS_PATH),
        ("export-targets", replace(EMPTY, exports=(ExportTarget(ExportFormat.ENV, "x"),)), None),
    ],
)
def test_a_problem_is_found_although_other_fields_are_empty(
    name: str, account: Account, problem: InputProblem | None
) -> None:
    found = field_problem(name, account, None)
    assert found is not None
    assert FIELD_OF_PROBLEM[found.problem] == name
    assert problem in (None, found.problem)


def test_every_problem_of_accounts_and_exports_has_a_field() -> None:
    problems = list(InputProblem)
    of_accounts = problems[: problems.index(InputProblem.NOT_FOR_CMD)]
    left = set(of_accounts) - set(FIELD_OF_PROBLEM) - set(FIELD_OF_INPUT)  # those of sharing have a dialog of their own
    assert left == {InputProblem.ACCOUNT_REMOVED, InputProblem.UNKNOWN_KEY_FORMAT}, "the window cannot enter that one"
