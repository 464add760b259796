"""argparse has its own words: they are those of the person's language, and argparse still knows them."""

import argparse
import inspect
import re

import pytest

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.cli.parser import TRANSLATED_MESSAGES, CommandLineParser, localized_argparse

# what only a mistake of ours could bring up, or an option that we do not use
_NEVER_SAID = re.compile(
    r"conflicting|not defined|unknown parser|mode %r|can't open|cannot (merge|have)|'required' is|option string"
    r"|dest= is|must be optional|unrecognized|ambiguous|not callable|conflict_resolution|deprecated|already"
)


@pytest.mark.parametrize("english", sorted(TRANSLATED_MESSAGES))
def test_in_english_nothing_is_changed(english: str) -> None:
    assert load_message_catalog("en").text(english) == english


@pytest.mark.parametrize("english", sorted(TRANSLATED_MESSAGES))
def test_in_chinese_the_same_places_are_filled(english: str) -> None:
    chinese = load_message_catalog("zh_CN").text(english)
    places = r"%(?:\(\w+\))?[sr]"
    assert sorted(re.findall(places, chinese)) == sorted(re.findall(places, english))
    assert chinese.endswith("\n") == english.endswith("\n")


def test_whatever_a_person_can_be_told_is_known() -> None:
    source = inspect.getsource(argparse)
    said = re.findall(r"""\b_\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)""", source)
    texts = [(one or other).replace("\\n", "\n") for one, other in said]
    assert len(texts) > 15
    assert [text for text in texts if text not in TRANSLATED_MESSAGES and not _NEVER_SAID.search(text)] == []


def spoken(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    words = load_message_catalog("zh_CN")
    with localized_argparse(words), pytest.raises(SystemExit):
        CommandLineParser(words, 0.0).parse(argv)
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["token", "--help"], "用法: guarddogctl token"),
        (["token", "--help"], "显示这份帮助"),
        (["sign"], "guarddogctl sign：错误：缺少参数：URL"),
        (["token", "--key", "FOO"], "--key：没有 'FOO' 这一项"),
        (["token", "--min-ttl"], "--min-ttl：需要一个值"),
        (["token", "--json", "--format", "env"], "--format：不能与 --json 同时使用"),
        (["token", "--json=1"], "这个选项不带值，不能写 '1'"),
    ],
)
def test_a_chinese_help_is_chinese(argv: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = spoken(argv, capsys)
    assert words in said
    assert not re.search("usage|error|options|argument|show this", said)


def test_the_headings_of_a_chinese_help_end_alike(capsys: pytest.CaptureFixture[str]) -> None:
    said = spoken(["token", "--help"], capsys)
    assert re.findall(r"^(\w+)([:：])", said, re.MULTILINE) == [
        ("用法", ":"), ("参数", ":"), ("选项", ":"), ("示例", ":")
    ]  # fmt: skip


def test_afterwards_argparse_speaks_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    spoken(["--help"], capsys)
    assert argparse.ArgumentParser(prog="x").format_help().startswith("usage: x")
