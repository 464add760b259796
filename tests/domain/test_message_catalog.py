"""Texts get their values, and the language is the user's."""

from collections.abc import Iterable
from gettext import NullTranslations

import pytest

from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.message_catalog import CHINESE, N_, NC_, MessageCatalog, resolve_language


class ShoutedTexts(NullTranslations):
    """A language of capitals."""

    def gettext(self, message: str) -> str:
        return {"{n} of {all}": "{all}: {n}"}.get(message, message.upper())

    def pgettext(self, context: str, message: str) -> str:
        return f"{context} {message.upper()}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return super().ngettext(msgid1, msgid2, n).replace("day", "DAY")


def test_english_texts_are_those_of_the_code() -> None:
    english = MessageCatalog()

    assert english.language == "en"
    assert english.text("{usable} of {all} usable", usable=3, all=4) == "3 of 4 usable"
    assert english.text_in_context("trigger", "command") == "command"
    assert [english.plural("a day", "{n} days", n, n=n) for n in (0, 1, 2)] == ["0 days", "a day", "2 days"]


def test_translated_texts_keep_their_values() -> None:
    shouted = MessageCatalog("shouted", ShoutedTexts)

    assert shouted.text("{n} of {all}", n=3, all=4) == "4: 3"
    assert shouted.text_in_context("trigger", "command") == "trigger COMMAND"
    assert shouted.plural("a day", "{n} days", 3, n=3) == "3 DAYs"
    assert shouted.text("") == ""


def test_a_marked_text_is_the_text() -> None:
    assert (N_("fresh"), NC_("trigger", "command")) == ("fresh", "command")


def test_translations_are_read_once_and_only_when_a_text_is_shown() -> None:
    reads: list[int] = []

    def load() -> NullTranslations:
        reads.append(1)
        return ShoutedTexts()

    catalog = MessageCatalog(CHINESE, load)
    assert reads == []
    assert (catalog.text("a"), catalog.text("b")) == ("A", "B")
    assert reads == [1]


def test_a_text_without_its_value_is_our_bug() -> None:
    with pytest.raises(InternalError, match="usable"):
        MessageCatalog().text("{usable} of {all} usable", all=4)


@pytest.mark.parametrize(
    ("environ", "setting", "spoken"),
    [
        ({}, "system", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "system", "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "system", "zh_CN"),
        ({"GUARDDOG_LANG": "zh"}, "en", "zh_CN"),
        ({"GUARDDOG_LANG": "zh_CN.UTF-8"}, "en", "zh_CN"),
        ({"GUARDDOG_LANG": "en_US.UTF-8", "LANG": "zh_CN"}, "zh_CN", "en"),
        ({"GUARDDOG_LANG": "en-GB"}, "zh_CN", "en"),
        ({"GUARDDOG_LANG": "zhuang", "LANG": "en"}, "system", "en"),
        ({"LANG": "de_DE.UTF-8"}, "system", "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "system", "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "system", "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "system", "zh_CN"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LANG": "en_US.UTF-8"}, "zh_CN", "zh_CN"),
        ({"GUARDDOG_LANG": "en", "LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
        ({"GUARDDOG_LANG": "zh_CN"}, "en", "zh_CN"),
        ({"GUARDDOG_LANG": "klingon", "LANG": "zh_CN.UTF-8"}, "system", "zh_CN"),
    ],
)
def test_the_variable_beats_the_setting_and_the_setting_beats_the_system(
    environ: dict[str, str], setting: str, spoken: str
) -> None:
    assert resolve_language(environ, setting, tuple) == spoken


@pytest.mark.parametrize(
    ("preferred", "spoken"),
    [
        ((), "en"),
        (("zh-Hans-CN", "en-CN"), "zh_CN"),
        (("en-GB", "zh-Hans"), "en"),
        (("de-DE", "zh-Hant-TW", "en"), "zh_CN"),
        (("zh_CN",), "zh_CN"),
        (("de-DE", "fr"), "en"),
        (("zhuang", "C"), "en"),
    ],
)
def test_without_locale_variables_the_operating_system_decides(preferred: Iterable[str], spoken: str) -> None:
    assert resolve_language({"LANG": ""}, "system", lambda: tuple(preferred)) == spoken


@pytest.mark.parametrize(
    ("environ", "setting"), [({"GUARDDOG_LANG": "zh"}, "system"), ({}, "zh_CN"), ({"LANG": "zh_CN"}, "system")]
)
def test_the_operating_system_is_not_asked_in_vain(environ: dict[str, str], setting: str) -> None:
    def refuse() -> tuple[str, ...]:
        raise AssertionError("asked")

    assert resolve_language(environ, setting, refuse) == "zh_CN"
