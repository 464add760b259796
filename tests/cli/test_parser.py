"""Help, usage errors and examples of every command; the messages of argparse in the language of the user."""

import argparse
import inspect
import re
import shlex

import pytest

from guarddog_gui.adapters.argparse_messages import TRANSLATED_MESSAGES, localized_argparse
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.cli.parser import CommandLineParser
from tests.cli.conftest import InProcessCli
from tests.fakes import NOW

COMMANDS = [
    "accounts",
    "use",
    "token",
    "exec",
    "refresh",
    "status",
    "api",
    "sign",
    "sign-card",
    "oauth",
    "diagnose",
    "check-domain",
    "history",
    "errcode",
    "watch",
    "service",
    "serve",
    "sandbox",
    "doctor",
    "completion",
]
SUBCOMMANDS = [
    "accounts add",
    "accounts edit",
    "accounts show",
    "accounts list",
    "accounts remove",
    "accounts export",
    "accounts import",
    "service install",
    "service status",
    "service remove",
    "serve keys",
    "serve keys add",
    "serve keys list",
    "serve keys revoke",
    "oauth link",
    "oauth exchange",
]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_help_lists_the_commands_with_examples_and_none_that_is_not_there_yet(
    guarddogctl: InProcessCli, language: str
) -> None:
    ran = guarddogctl("--help", GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stderr) == (0, "")
    listed = re.findall(r"^    ([\w-]+)(?: |$)", ran.stdout, re.MULTILINE)
    assert listed == COMMANDS
    assert "guarddogctl accounts add --appid" in ran.stdout


@pytest.mark.parametrize("command", [*COMMANDS, *SUBCOMMANDS])
@pytest.mark.parametrize(("language", "usage"), [("en", "usage: "), ("zh_CN", "用法：")])
def test_every_command_has_help_in_both_languages(
    guarddogctl: InProcessCli, command: str, language: str, usage: str
) -> None:
    ran = guarddogctl(*command.split(), "--help", GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"{usage}guarddogctl {command}")


@pytest.mark.parametrize("command", ["", *COMMANDS, *SUBCOMMANDS])
@pytest.mark.parametrize(("language", "heading"), [("en", "examples:"), ("zh_CN", "示例：")])
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
    *(("serve", option) for option in ("--listen", "--host", "--tls-cert", "--tls-key", "--rate")),
    ("refresh", "--key"),
]


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_two_dashes_are_no_value_for_any_option(guarddogctl: InProcessCli, command: str, option: str) -> None:
    ran = guarddogctl(*command.split(), f"{option}=--")

    assert (ran.exit_code, ran.stdout) == (2, "")
    # argparse before Python 3.13 drops it and checks nothing; later ones check it as any other value
    refusals = (f"-- is no value for {option}", f"argument {option}: ")
    assert any(refusal in ran.stderr for refusal in refusals)
    assert "--" in ran.stderr.partition(option)[2] or refusals[0] in ran.stderr
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
    assert "without it the only account, or that of" in guarddogctl("token", "--help").stdout
    assert "left out" not in guarddogctl("accounts", "remove", "--help").stdout
    assert "all accounts if it is left out" in guarddogctl("history", "--help").stdout


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


# messages about a mistake in our code, or about an option of argparse that we do not use
UNUSED_MESSAGES = re.compile(
    r"conflicting|not defined|unknown parser|mode %r|can't open|cannot (merge|have)|'required' is|option string"
    r"|dest= is|must be optional|unrecognized|ambiguous|not callable|conflict_resolution|deprecated|already"
    r"|^%\(heading\)s:|\(default: |program's version|subcommands|warning:"  # since Python 3.12
)


@pytest.mark.parametrize("english", sorted(TRANSLATED_MESSAGES))
def test_the_english_messages_of_argparse_are_unchanged(english: str) -> None:
    assert load_message_catalog("en").text(english) == english


@pytest.mark.parametrize("english", sorted(TRANSLATED_MESSAGES))
def test_the_chinese_messages_of_argparse_have_the_same_placeholders(english: str) -> None:
    chinese = load_message_catalog("zh_CN").text(english)
    places = r"%(?:\(\w+\))?[sr]"
    assert sorted(re.findall(places, chinese)) == sorted(re.findall(places, english))
    assert chinese.endswith("\n") == english.endswith("\n")


def test_every_message_of_argparse_that_a_user_can_see_is_translated() -> None:
    source = inspect.getsource(argparse)
    said = re.findall(r"""\b_\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)""", source)
    texts = [(one or other).replace("\\n", "\n") for one, other in said]
    assert len(texts) > 15
    assert [text for text in texts if text not in TRANSLATED_MESSAGES and not UNUSED_MESSAGES.search(text)] == []


def parse_in_chinese(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    words = load_message_catalog("zh_CN")
    with localized_argparse(words), pytest.raises(SystemExit):
        CommandLineParser(words, 0.0).parse(argv)
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["token", "--help"], "用法：guarddogctl token"),
        (["token", "--help"], "显示这份帮助"),
        (["sign"], "guarddogctl sign：错误：缺少参数：URL"),
        (["token", "--key", "FOO"], "--key：没有 'FOO' 这一项"),
        (["token", "--min-ttl"], "--min-ttl：需要一个值"),
        (["token", "--json", "--format", "env"], "--format：不能与 --json 同时使用"),
        (["token", "--json=1"], "这个选项不带值，不能写 '1'"),
    ],
)
def test_a_chinese_help_is_chinese(argv: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = parse_in_chinese(argv, capsys)
    assert words in said
    assert not re.search("usage|error|options|argument|show this", said)


def test_the_headings_of_a_chinese_help_end_with_the_same_colon(capsys: pytest.CaptureFixture[str]) -> None:
    said = parse_in_chinese(["token", "--help"], capsys)
    assert re.findall(r"^(\w+)([:：])", said, re.MULTILINE) == [
        ("用法", "："), ("参数", "："), ("选项", "："), ("示例", "：")
    ]  # fmt: skip


def test_argparse_is_english_again_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    parse_in_chinese(["--help"], capsys)
    assert argparse.ArgumentParser(prog="x").format_help().startswith("usage: x")


@pytest.mark.parametrize(
    ("argv", "suggestion"),
    [
        (["stauts"], "there is no command “stauts”. Did you mean “status”?"),
        (["Token", "Shop"], "there is no command “Token”. Did you mean “token”?"),
        (["token", "--key", "ACESS_TOKEN"], "argument --key: there is no “ACESS_TOKEN”. Did you mean “ACCESS_TOKEN”?"),
        (["token", "--key=jsapi_ticket"], "argument --key: there is no “jsapi_ticket”. Did you mean “JSAPI_TICKET”?"),
        (["history", "--untill", "2h"], "unknown options: --untill. Did you mean “--until”?"),
        (["status", "--jsno"], "unknown options: --jsno. Did you mean “--json”?"),
        (["token", "--min-tll=5"], "unknown options: --min-tll. Did you mean “--min-ttl”?"),
    ],
)  # fmt: skip
def test_a_mistyped_word_gets_a_suggestion(guarddogctl: InProcessCli, argv: list[str], suggestion: str) -> None:
    ran = guarddogctl(*argv)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert suggestion in ran.stderr


@pytest.mark.parametrize("argv", [["frobnicate"], ["token", "--key", "x"], ["token", "--zzz"]])
def test_a_word_that_is_not_similar_gets_none(guarddogctl: InProcessCli, argv: list[str]) -> None:
    ran = guarddogctl(*argv)

    assert ran.exit_code == 2
    assert "Did you mean" not in ran.stderr


def test_a_secret_behind_a_mistyped_option_is_not_repeated(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--secret-stdn=0123456789abcdef")

    assert "Did you mean “--secret-stdin”?" in ran.stderr
    assert "0123456789abcdef" not in ran.stderr
