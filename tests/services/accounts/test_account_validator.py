"""An account is refused whose folder, exports or name belong to another one."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.problems import InputProblem
from tests.builders import SHOP
from tests.services.accounts.account_setup import NEW, OTHER, make_setup

ENV = ExportTarget(ExportFormat.ENV, "/srv/.env")


def test_an_account_that_is_stored_already_is_not_compared_with_itself() -> None:
    d = make_setup()
    d.knows(replace(SHOP, dog_dir="/srv/dogs", exports=(ENV,)))
    d.account_validator.validate(replace(SHOP, dog_dir="/srv/dogs", exports=(ENV,)), d.accounts.stored, Secret(NEW))
    d.account_validator.reject_taken_name(SHOP, d.accounts.stored)
    assert d.account_validator.reject_shared_folder(SHOP, d.accounts.stored) == []


def test_the_folder_of_another_account_is_refused() -> None:
    d = make_setup()
    d.knows(replace(SHOP, dog_dir="/srv/dogs"))
    with pytest.raises(BadInput) as refused:
        d.account_validator.validate(replace(OTHER, dog_dir="/srv/dogs"), d.accounts.stored)
    assert refused.value.problem is InputProblem.DOG_DIR_TAKEN


@pytest.mark.parametrize("path", ["/srv/.env", "/home/me/shop/.env"])
def test_the_export_of_another_account_is_refused_by_its_path_and_by_a_link(path: str) -> None:
    d = make_setup()
    d.export_files.links["/home/me/shop/.env"] = "/srv/.env"
    d.knows(replace(SHOP, exports=(ENV,)))
    with pytest.raises(BadInput) as refused:
        d.account_validator.validate(replace(OTHER, exports=(ExportTarget(ExportFormat.ENV, path),)), d.accounts.stored)
    assert refused.value.problem is InputProblem.EXPORT_OF_OTHER_ACCOUNT
    assert refused.value.subject == path


def test_the_name_of_another_account_is_refused_with_its_appid() -> None:
    d = make_setup()
    d.knows(SHOP)
    with pytest.raises(BadInput) as refused:
        d.account_validator.reject_taken_name(replace(OTHER, name=SHOP.name), d.accounts.stored)
    assert (refused.value.problem, refused.value.subject) == (InputProblem.NAME_TAKEN, SHOP.appid)


def test_a_text_that_cannot_be_an_app_secret_is_refused() -> None:
    with pytest.raises(BadInput, match="bad-secret"):
        make_setup().account_validator.validate(SHOP, (), Secret("two words"))
