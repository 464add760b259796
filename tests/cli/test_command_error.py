"""Exceptions that end a command early."""

from guarddog_gui.cli.command_error import CommandError, OutputError, ReplaceProcess
from guarddog_gui.domain.message_catalog import MessageCatalog
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message, Messages
from tests.cli.conftest import InProcessCli
from tests.errcode_catalogue import CATALOGUE


def test_a_command_error_is_named_by_the_summary_of_its_message() -> None:
    error = CommandError(ExitCode.NOT_FOUND, Message("There is no account yet.", "Add one."))

    assert str(error) == "There is no account yet."
    assert (error.exit_code, error.details) == (3, ())


def test_the_details_of_a_command_error_are_lines_after_its_message(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(ctl_with_account.mini, "Mini", "--platform", "mini-program")

    several = ctl_with_account("token").stderr.splitlines()

    assert len(several) == 3
    assert several[0].startswith("There are several accounts; say which one by its AppID or name. guarddogctl use")
    assert {line.split()[-1] for line in several[1:]} == {"Shop", "Mini"}


def test_an_output_error_without_a_reason_is_a_reader_who_has_left() -> None:
    assert OutputError(ExitCode.SUCCESS).reason == str(OutputError(ExitCode.SUCCESS)) == ""
    assert str(OutputError(ExitCode.FILE_ERROR, "Bad file descriptor")) == "Bad file descriptor"


def test_a_request_to_replace_the_process_does_not_name_the_environment() -> None:
    messages = Messages(MessageCatalog(), CATALOGUE, str)

    request = ReplaceProcess(("env", "-0"), {"WECHAT_ACCESS_TOKEN": "T1"}, messages)

    assert str(request) == "env"
    assert "T1" not in repr(request)
