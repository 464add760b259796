"""What is said about an outlet: where, when, and what helps where it failed."""

import re

import pytest

from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.services.messages.exports import names, standing
from guarddog_gui.services.messages.message import Sentence, Sentences
from tests.fakes import NOW
from tests.services.messages.test_message import CHINESE, ENGLISH

ENV = Outlet(OutletForm.ENV, "/srv/.env")
RUN = Outlet(OutletForm.COMMAND, command=("notify", "a b"))


def failed(fault: OutletFault, detail: str = "", outlet: Outlet = RUN) -> OutletReport:
    return OutletReport(outlet, NOW, trouble=OutletTrouble(fault, detail))


@pytest.mark.parametrize(
    ("report", "english", "chinese"),
    [
        (OutletReport(ENV, NOW + 5), ".env file · /srv/.env · +5s", ".env 文件 · /srv/.env · +5s"),
        (OutletReport(RUN), "command · notify 'a b' · not yet", "命令 · notify 'a b' · 尚未写入"),
        (
            OutletReport(Outlet(OutletForm.PHP_JSON, "/srv"), NOW),
            "official PHP sample · /srv · +0s",
            "官方 PHP 示例 · /srv · +0s",
        ),
    ],
)
def test_an_outlet_says_what_it_is_where_and_since_when(
    report: OutletReport, english: str, chinese: str
) -> None:
    assert standing(report, ENGLISH) == Sentence(english)
    assert standing(report, CHINESE) == Sentence(chinese)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("fault", OutletFault)
def test_every_fault_has_a_sentence_and_a_way_on(fault: OutletFault, sentences: Sentences) -> None:
    said = standing(failed(fault, "/srv/.env: permission denied"), sentences)

    assert said.what
    assert said.todo


def test_a_fault_names_the_file_or_the_command_and_the_reason() -> None:
    reason = "it belongs to somebody else"

    assert "/srv/a: b/.env" in standing(failed(OutletFault.FILE, f"/srv/a: b/.env: {reason}"), ENGLISH).what
    assert "别的用户" in standing(failed(OutletFault.FILE, f"/srv/.env: {reason}"), CHINESE).what
    assert "exit code 3" in standing(failed(OutletFault.EXIT, "3"), ENGLISH).what
    assert "notify 'a b'" in standing(failed(OutletFault.DEADLINE), ENGLISH).what
    assert "没有权限" in standing(failed(OutletFault.NOT_STARTED, "permission denied"), CHINESE).what


def test_names_are_as_long_as_it_takes_to_tell_them_apart() -> None:
    shop, cafe, run = (Outlet(OutletForm.ENV, f"/srv/{name}/now/.env") for name in ("shop", "cafe", "run"))
    php = Outlet(OutletForm.PHP_JSON, "/srv/php")
    once, twice = (Outlet(OutletForm.COMMAND, command=("/opt/notify", word)) for word in ("a", "b"))

    assert names((shop, php)) == (".env", "php/")
    assert names((shop, cafe, run, php)) == ("shop/now/.env", "cafe/now/.env", "run/now/.env", "php/")
    assert names((once, twice)) == ("/opt/notify a", "/opt/notify b")


@pytest.mark.parametrize(
    ("reason", "todo"),
    [
        ("no such file or folder", "Make the folder"),
        ("the link leads nowhere", "Make the file that the link leads to"),
        ("not a regular file", "Name another file"),
        ("larger than 262144 bytes", "No .env file is so large"),
        ("permission denied", "Check that the folder is yours"),
    ],
)
def test_what_helps_depends_on_what_is_wrong_with_the_file(reason: str, todo: str) -> None:
    report = failed(OutletFault.FILE, f"/srv/.env: {reason}", ENV)

    assert standing(report, ENGLISH).what == f"/srv/.env could not be read or written: {reason}."
    assert standing(report, ENGLISH).todo.startswith(todo)
    assert not re.search("[a-z]{4}", standing(report, CHINESE).text.replace("/srv/.env", ""))
