"""What cannot be shared, and why."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Endpoint, account_problem
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, Sharing, SharingRole
from guarddog_gui.domain.sharing.validation import sharing_problem
from tests.builders import SHOP

LEADER, FOLLOWER = SharingRole.LEADER, SharingRole.FOLLOWER
PLAIN = KeyFormat.PLAIN


@pytest.mark.parametrize(
    ("sharing", "problem"),
    [
        (Sharing(LEADER, "redis://h"), None),
        (Sharing(FOLLOWER, "redis+cluster://h", "", (KeyNames(PLAIN, "shop"),)), None),
        (Sharing(LEADER, "redis+cluster://h", "", (KeyNames(PLAIN, "shop:{{appid}}"),)), None),
        (Sharing(LEADER, "nonsense"), InputProblem.INVALID_REDIS_URL),
        (Sharing(SharingRole.OWN, "redis://h"), InputProblem.INVALID_REDIS_URL),
        (Sharing(LEADER, "redis://u:p@h"), InputProblem.REDIS_URL_WITH_PASSWORD),
        (Sharing(LEADER, "redis://h", "a\nb"), InputProblem.INVALID_CA_FILE),
        (Sharing(LEADER, "redis://h", "", (KeyNames(PLAIN),)), InputProblem.KEY_NAME_MISSING),
        (Sharing(LEADER, "redis://h", "", (KeyNames(KeyFormat.SYMFONY),)), InputProblem.KEY_NAME_MISSING),
        (Sharing(LEADER, "redis://h", "", (KeyNames(PLAIN, "a b"),)), InputProblem.INVALID_KEY_NAME),
        (Sharing(LEADER, "redis://h", "", (KeyNames(PLAIN, "k" * 257),)), InputProblem.INVALID_KEY_NAME),
        (Sharing(LEADER, "redis://h", "", (KeyNames(PLAIN, "guarddog:x"),)), InputProblem.KEY_NAME_TAKEN),
        (Sharing(LEADER, "redis+cluster://h", "", (KeyNames(PLAIN, "shop"),)), InputProblem.KEY_OUTSIDE_CLUSTER_SLOT),
    ],
)
def test_each_problem_is_found(sharing: Sharing, problem: InputProblem | None) -> None:
    assert sharing_problem(sharing, SHOP.appid) is problem
    assert account_problem(replace(SHOP, sharing=sharing)) is problem


def test_a_classic_account_cannot_be_shared() -> None:
    account = replace(SHOP, endpoint=Endpoint.CLASSIC, sharing=Sharing(LEADER, "redis://h"))
    assert account_problem(account) is InputProblem.SHARING_NEEDS_STABLE
