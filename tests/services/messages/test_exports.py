"""What is said about an export: where, when, and what helps where it failed."""

import re

import pytest

from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.services.messages.exports import export_status_message, shell_words_message, short_names
from guarddog_gui.services.messages.message import Message, Messages
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH

ENV = ExportTarget(ExportFormat.ENV, "/srv/.env")
RUN = ExportTarget(ExportFormat.COMMAND, command=("notify", "a b"))


def failed(fault: ExportErrorKind, detail: str = "", target: ExportTarget = RUN) -> ExportStatus:
    return ExportStatus(target, NOW, error=ExportError(fault, detail))


@pytest.mark.parametrize(
    ("report", "english", "chinese"),
    [
        (ExportStatus(ENV, NOW + 5), ".env file · /srv/.env · +5s", ".env 文件 · /srv/.env · +5s"),
        (ExportStatus(RUN), "command · notify 'a b' · not yet", "命令 · notify 'a b' · 尚未写入"),
        (
            ExportStatus(ExportTarget(ExportFormat.PHP_JSON, "/srv"), NOW),
            "official PHP sample · /srv · +0s",
            "官方 PHP 示例 · /srv · +0s",
        ),
    ],
)
def test_an_export_says_what_it_is_where_and_since_when(report: ExportStatus, english: str, chinese: str) -> None:
    assert export_status_message(report, ENGLISH) == Message(english)
    assert export_status_message(report, CHINESE) == Message(chinese)


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("fault", ExportErrorKind)
def test_every_fault_has_a_sentence_and_a_way_on(fault: ExportErrorKind, sentences: Messages) -> None:
    said = export_status_message(failed(fault, "/srv/.env: permission denied"), sentences)

    assert said.summary
    assert said.advice


def test_a_fault_names_the_file_or_the_command_and_the_reason() -> None:
    reason = "it belongs to somebody else"

    assert (
        "/srv/a: b/.env"
        in export_status_message(failed(ExportErrorKind.FILE, f"/srv/a: b/.env: {reason}"), ENGLISH).summary
    )
    assert "别的用户" in export_status_message(failed(ExportErrorKind.FILE, f"/srv/.env: {reason}"), CHINESE).summary
    assert "exit code 3" in export_status_message(failed(ExportErrorKind.EXIT, "3"), ENGLISH).summary
    assert "notify 'a b'" in export_status_message(failed(ExportErrorKind.DEADLINE), ENGLISH).summary
    assert (
        "没有权限" in export_status_message(failed(ExportErrorKind.NOT_STARTED, "permission denied"), CHINESE).summary
    )


def test_names_are_as_long_as_it_takes_to_tell_them_apart() -> None:
    shop, cafe, run = (ExportTarget(ExportFormat.ENV, f"/srv/{name}/now/.env") for name in ("shop", "cafe", "run"))
    php = ExportTarget(ExportFormat.PHP_JSON, "/srv/php")
    once, twice = (ExportTarget(ExportFormat.COMMAND, command=("/opt/notify", word)) for word in ("a", "b"))

    assert short_names((shop, php)) == (".env", "php/")
    assert short_names((shop, cafe, run, php)) == ("shop/now/.env", "cafe/now/.env", "run/now/.env", "php/")
    assert short_names((once, twice)) == ("/opt/notify a", "/opt/notify b")


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
    report = failed(ExportErrorKind.FILE, f"/srv/.env: {reason}", ENV)

    assert export_status_message(report, ENGLISH).summary == f"/srv/.env could not be read or written: {reason}."
    assert export_status_message(report, ENGLISH).advice.startswith(todo)
    assert not re.search("[a-z]{4}", export_status_message(report, CHINESE).text.replace("/srv/.env", ""))


@pytest.mark.parametrize("sentences", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_words_of_a_shell_are_said_to_be_plain_words(sentences: Messages) -> None:
    message = shell_words_message(
        ExportTarget(ExportFormat.COMMAND, command=("echo", "$HOME", ">", "/tmp/x")), sentences
    )
    assert message is not None
    assert "$HOME >" in message.summary
    assert "sh -c" in message.advice


@pytest.mark.parametrize("command", [("notify", "a b"), ("sh", "-c", "echo $HOME > /tmp/x"), ()])
def test_a_command_without_words_of_a_shell_is_not_warned_about(command: tuple[str, ...]) -> None:
    assert shell_words_message(ExportTarget(ExportFormat.COMMAND, command=command), ENGLISH) is None
