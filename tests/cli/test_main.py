"""The frame around every command: help, versions, mistakes of people, mistakes of ours."""

import io
import os
import re
import shlex

import pytest

from guarddog_gui import __version__
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.cli import main as main_module
from guarddog_gui.cli.command_error import OutputError
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.main import main
from guarddog_gui.cli.parser import CommandLineParser
from guarddog_gui.domain.errors import InternalError, LockBusy, UsageError
from guarddog_gui.services.exit_codes import ExitCode
from tests.adapters.unprivileged import unprivileged_folder
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW, FakeClock

COMMANDS = [
    "accounts",
    "token",
    "exec",
    "refresh",
    "status",
    "sign",
    "sign-card",
    "diagnose",
    "history",
    "errcode",
    "watch",
    "sandbox",
    "doctor",
    "completion",
]


def test_the_version_is_one_line(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("--version").stdout == f"guarddogctl {__version__}\n"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_help_lists_the_commands_with_examples_and_none_that_is_not_there_yet(
    guarddogctl: InProcessCli, language: str
) -> None:
    ran = guarddogctl("--help", GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stderr) == (0, "")
    listed = re.findall(r"^    ([\w-]+)(?: |$)", ran.stdout, re.MULTILINE)
    assert listed == COMMANDS
    assert "guarddogctl accounts add --appid" in ran.stdout


@pytest.mark.parametrize("command", [*COMMANDS, "accounts add", "accounts list", "accounts remove"])
@pytest.mark.parametrize(("language", "usage"), [("en", "usage: "), ("zh_CN", "用法: ")])
def test_every_command_has_help_in_both_languages(
    guarddogctl: InProcessCli, command: str, language: str, usage: str
) -> None:
    ran = guarddogctl(*command.split(), "--help", GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"{usage}guarddogctl {command}")


@pytest.mark.parametrize("command", ["", *COMMANDS, "accounts add", "accounts list", "accounts remove"])
@pytest.mark.parametrize(("language", "heading"), [("en", "examples:"), ("zh_CN", "示例:")])
def test_every_command_has_examples_that_mean_what_they_say(
    guarddogctl: InProcessCli, command: str, language: str, heading: str
) -> None:
    shown = guarddogctl(*command.split(), "--help", GUARDDOG_LANG=language).stdout
    words = load_message_catalog(language)

    examples = shown.partition(f"\n{heading}\n")[2].strip().splitlines()

    assert examples
    for example in examples:
        # a line of a shell: ours is what stands before a bracket, a pipe, a file or a remark
        ours = re.search(r"(?<!\w)guarddogctl ([^)|<>#]+)", example)
        assert ours, example
        argv = shlex.split(ours.group(1))
        told = CommandLineParser(words, NOW).parse(argv)
        assert command == "" or argv[: len(command.split())] == command.split()
        assert told.command == argv[0]


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["accounts"], ["errcode"], ["--nonsense"]])
def test_what_cannot_be_meant_is_wrong_usage(guarddogctl: InProcessCli, argv: list[str]) -> None:
    ran = guarddogctl(*argv)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "usage: guarddogctl" in ran.stderr


OPTIONS = [
    *(
        ("accounts add --appid wx1 --name Shop", option)
        for option in ("--appid", "--name", "--platform", "--endpoint", "--dog-dir", "--ahead", "--js-domain")
    ),
    *(
        ("accounts add --appid wx1 --name Shop", option)
        for option in ("--write-php", "--write-interaction", "--write-env", "--run")
    ),
    *(("token", option) for option in ("--key", "--min-ttl", "--format")),
    *(("sign https://a.cn/", option) for option in ("--nonce", "--timestamp", "--api", "--open-tag")),
    *(("sign-card", option) for option in ("--card-id", "--code", "--shop-id")),
    *(
        ("diagnose https://a.cn/", option)
        for option in ("--signature", "--nonce", "--config", "--entry-url", "--ticket")
    ),
    *(("history", option) for option in ("--since", "--limit")),
    ("errcode 1", "--lang"),
    ("sandbox", "--port"),
    ("refresh", "--key"),
]


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_two_dashes_are_no_value_for_any_option(guarddogctl: InProcessCli, command: str, option: str) -> None:
    ran = guarddogctl(*command.split(), f"{option}=--")

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert f"-- is no value for {option}" in ran.stderr
    usage = " ".join(word for word in command.split()[:2] if word.isalpha() or word == "sign-card")
    assert ran.stderr.startswith(f"usage: guarddogctl {usage} ")


def test_behind_two_dashes_it_is_a_word_like_any_other(guarddogctl: InProcessCli) -> None:
    assert "“--x=--”" in guarddogctl("errcode", "--", "--x=--").stderr


@pytest.mark.parametrize(
    ("argv", "usage"),
    [
        (["token", "--colour"], "guarddogctl token"),
        (["accounts", "remove", "Shop", "too", "many"], "guarddogctl accounts remove"),
        (["accounts", "add", "--appid", "wx1", "--name", "a", "--secret", "x"], "guarddogctl accounts add"),
        (["exec", "Shop"], "guarddogctl exec"),
        (["--colour"], "guarddogctl"),
    ],
)
def test_the_usage_above_a_mistake_is_that_of_its_command(
    guarddogctl: InProcessCli, argv: list[str], usage: str
) -> None:
    ran = guarddogctl(*argv)

    assert ran.exit_code == 2
    assert ran.stderr.startswith(f"usage: {usage} [-h] ")
    assert f"{usage}: error: " in ran.stderr


def test_the_help_says_what_it_means_to_leave_the_account_out(guarddogctl: InProcessCli) -> None:
    assert "may be left out if" in guarddogctl("token", "--help").stdout
    assert "left out" not in guarddogctl("accounts", "remove", "--help").stdout
    assert "all accounts if it is left out" in guarddogctl("history", "--help").stdout


def test_an_address_that_would_carry_the_secret_in_the_clear_is_refused(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()

    ran = guarddogctl("refresh", GUARDDOG_API_BASE="http://example.com")

    assert (ran.exit_code, ran.stdout) == (4, "")
    assert "It is “http://example.com”, from GUARDDOG_API_BASE." in ran.stderr


def test_what_needs_no_wechat_needs_no_address(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    bad = {"GUARDDOG_API_BASE": "ftp://x"}

    for command in ("token", "token --json", "status", "history", "accounts list"):
        ran = guarddogctl(*command.split(), **bad)
        assert (ran.exit_code, ran.stderr) == (0, ""), command
        assert ran.stdout
    guarddogctl.clock.advance(7300)
    for command in ("token", "refresh", "sign https://a.cn/", "watch"):
        assert guarddogctl(*command.split(), **bad).exit_code == 4, command


def test_no_secret_is_asked_for_where_there_is_nobody_to_send_it_to(guarddogctl: InProcessCli) -> None:
    guarddogctl.hidden_input = "x"

    ran = guarddogctl(
        "accounts",
        "add",
        "--appid",
        "wx1",
        "--name",
        "Shop",
        GUARDDOG_API_BASE="https://me:pass@wechat.example",
    )

    assert (ran.exit_code, guarddogctl.hidden_prompt) == (4, "")
    assert "https://…@wechat.example" in ran.stderr
    assert "pass" not in ran.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(UsageError("port 1 is taken"), 2), (LockBusy("wx1"), 5), (InternalError("promise"), 1)],
)
def test_exceptions_of_ours_end_with_their_code_and_without_a_traceback(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    monkeypatch.setattr(main_module, "run_status", failing_with(error))

    ran = guarddogctl("status")

    assert ran.exit_code == code
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def failing_with(error: BaseException) -> object:
    def command(*_: object, **__: object) -> ExitCode:
        raise error

    return command


def test_a_mistake_of_ours_is_one_line_that_names_the_log_and_the_log_has_the_rest(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    monkeypatch.setattr(main_module, "run_status", failing_with(ZeroDivisionError(f"secret={secret}")))

    ran = guarddogctl("status")

    log = guarddogctl.home / "logs" / "guarddog.log"
    assert ran.exit_code == 1
    assert len(ran.stderr.splitlines()) == 1
    assert str(log) in ran.stderr
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert secret not in log.read_text(encoding="utf-8") + ran.stderr


def test_ctrl_c_is_no_crash(guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_module, "run_status", failing_with(KeyboardInterrupt()))

    ran = guarddogctl("status")

    assert ran.exit_code == 130
    assert ran.stderr.strip() == ""


class FailingOutput(io.StringIO):
    """Standard output that takes nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (
            OSError(28, "No space left on device"),
            7,
            "The output could not be written: No space left on device.",
        ),
    ],
)
def test_a_result_that_nobody_takes_is_no_crash(
    guarddogctl: InProcessCli, error: OSError, code: int, words: str
) -> None:
    err = io.StringIO()
    terminal = Terminal(guarddogctl.environ, io.StringIO(), FailingOutput(error), err, FakeClock())

    with pytest.raises(OutputError) as lost:
        main(["errcode", "40164"], terminal)

    assert lost.value.exit_code == code
    assert err.getvalue().strip() == words


def test_an_installation_without_its_words_says_so(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.setattr("guarddog_gui.adapters.files.paths.resource_folders", lambda *_: (tmp_path,))

    ran = guarddogctl("status")

    assert ran.exit_code == 7
    assert "missing from this installation" in ran.stderr


# -- errcode ---------------------------------------------------------------------------------------


def test_an_errcode_is_explained(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "40164")

    assert ran.exit_code == 0
    first, meaning, fix, page = ran.stdout.splitlines()
    assert first.startswith("40164  config")
    assert "IP" in meaning
    assert "whitelist" in fix
    assert page.startswith("https://")


def test_zero_is_a_success_and_of_no_kind(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("errcode", "0").stdout.splitlines()[:2] == ["0  success", "The call succeeded."]
    assert guarddogctl("errcode", "0", "--lang", "zh").stdout.startswith("0  成功\n")


def test_the_language_of_the_answer_can_be_chosen(guarddogctl: InProcessCli) -> None:
    assert "白名单" in guarddogctl("errcode", "40164", "--lang", "zh").stdout
    assert "whitelist" in guarddogctl("errcode", "40164", "--lang", "en", GUARDDOG_LANG="zh_CN").stdout


def test_a_negative_number_is_a_number(guarddogctl: InProcessCli) -> None:
    assert "busy" in guarddogctl("errcode", "-1").stdout


@pytest.mark.parametrize("asked", ["12345678", "-7", "9" * 18])
def test_an_unknown_errcode_ends_with_three(guarddogctl: InProcessCli, asked: str) -> None:
    ran = guarddogctl("errcode", asked)

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert f"errcode {asked}." in ran.stderr


@pytest.mark.parametrize(
    "words", [["invalid signature"], ["invalid", "signature"], ["config:fail,Error: Invalid Signature "]]
)
def test_a_message_of_the_js_sdk_is_explained_with_what_to_check_in_order(
    guarddogctl: InProcessCli, words: list[str]
) -> None:
    ran = guarddogctl("errcode", *words)

    assert ran.exit_code == 0
    first, meaning, heading, *checks, fix, page = ran.stdout.splitlines()
    assert first == "invalid signature  JS-SDK"
    assert meaning == "The signature of wx.config does not fit this page."
    assert heading == "Check in this order:"
    assert [check.partition(". ")[0] for check in checks] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert "location.href" in fix
    assert page.startswith("https://")


def test_a_message_is_explained_in_chinese_too(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "invalid signature", "--lang", "zh")

    assert "请按以下顺序检查：" in ran.stdout
    assert "iOS 微信校验首次进入时的 URL" in ran.stdout


def test_a_number_of_wecom_says_what_to_check_as_well(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "40048")

    assert ran.stdout.startswith("40048  config")
    assert "1. The domain of the page is among the JS-safe domains" in ran.stdout
    assert "Check in this order" not in guarddogctl("errcode", "40164").stdout


@pytest.mark.parametrize(
    "text", ["config:ok", "", "  ", "９９", "1" * 19, "\x1b[31mred\nline", "长" * 100_000]
)
def test_an_unknown_message_ends_with_three_and_one_clear_line(guarddogctl: InProcessCli, text: str) -> None:
    ran = guarddogctl("errcode", text)

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.startswith("Guard Dog does not know the message “")
    assert ran.stderr.count("\n") == 1
    assert len(ran.stderr) < 250
    assert "\x1b" not in ran.stderr


def test_a_command_leaves_no_log_handler_behind(guarddogctl: InProcessCli) -> None:
    import logging

    before = list(logging.getLogger().handlers)

    guarddogctl("status")

    assert logging.getLogger().handlers == before


@pytest.mark.parametrize(
    ("argv", "choices"),
    [
        (["token", "--key", "FOO"], "'ACCESS_TOKEN', 'JSAPI_TICKET'"),
        (["token", "--format", "FOO"], "'env', 'export', 'powershell', 'cmd', 'fish'"),
        (["accounts", "add", "--platform", "FOO"], "'official', 'mini-program'"),
        (["accounts", "add", "--endpoint", "FOO"], "'stable', 'classic'"),
    ],
)
def test_an_unknown_word_is_answered_with_the_words_that_can_be_typed(
    guarddogctl: InProcessCli, argv: list[str], choices: str
) -> None:
    ran = guarddogctl(*argv)

    assert ran.exit_code == 2
    assert choices in ran.stderr
    assert "<" not in ran.stderr


@pytest.mark.parametrize(("language", "words"), [("en", "another program has it"), ("zh_CN", "占用")])
def test_a_port_that_is_taken_is_said_in_words(guarddogctl: InProcessCli, language: str, words: str) -> None:
    port = guarddogctl.wechat.base_url.rpartition(":")[2]

    ran = guarddogctl("sandbox", "--port", port, GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert port in ran.stderr
    assert "Errno" not in ran.stderr


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("command", ["status", "token", "history"])
def test_a_home_that_may_not_be_entered_ends_with_seven_and_is_named(
    guarddogctl: InProcessCli, command: str
) -> None:
    guarddogctl(command)  # imports what nobody may not be able to read
    with unprivileged_folder() as folder:
        (folder / "closed").mkdir(mode=0o000)
        home = folder / "closed" / "home"

        ran = guarddogctl(command, GUARDDOG_HOME=str(home))

        assert (ran.exit_code, ran.stdout) == (7, "")
        assert f"{home}" in ran.stderr
        assert "permission denied" in ran.stderr
