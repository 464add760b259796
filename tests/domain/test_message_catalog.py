"""Every text is there twice, with the same placeholders; every key is used, and every key used is there."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from guarddog_gui.domain.accounts.account import Endpoint, Platform
from guarddog_gui.domain.accounts.existing_files import ExistingFileAction
from guarddog_gui.domain.diagnosis.mistakes import MistakeKind, MistakeLocation
from guarddog_gui.domain.diagnosis.search import PossibleCause
from guarddog_gui.domain.errors import InternalError
from guarddog_gui.domain.exports.reports import ExportErrorKind
from guarddog_gui.domain.exports.targets import ExportFormat
from guarddog_gui.domain.health import CheckStatus, ConnectionStep, HealthCheck, TrayProbeResult
from guarddog_gui.domain.message_catalog import MessageCatalog, resolve_language
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.signing.url_warnings import UrlWarningKind
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import FailureKind

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "resources" / "words.json").read_text(encoding="utf-8")
TEXTS: dict[str, dict[str, str]] = json.loads(TEXT)
SAME_IN_BOTH = {"name-ACCESS_TOKEN", "name-JSAPI_TICKET", "endpoint-stable", "endpoint-classic"}

# keys that are put together from a value
FAMILIES = {
    *(f"name-{kind}" for kind in TokenKind),
    *(f"platform-{platform}" for platform in Platform),
    *(f"endpoint-{endpoint}" for endpoint in Endpoint),
    *(f"state-{state.replace(' ', '-')}" for state in KeyState),
    *(f"trigger-{trigger}" for trigger in Trigger),
    *(f"result-{result.replace(' ', '-')}" for result in AttemptResult),
    *(f"kind-{kind}" for kind in ErrcodeKind),
    *(f"reaction-{kind}" for kind in ErrcodeKind),
    *("wait-tomorrow", "wait-next-month"),
    *(f"url-{flaw}" for flaw in UrlWarningKind),
    *(f"mistake-{kind}" for kind in MistakeKind),
    *(f"suspect-{suspect}" for suspect in PossibleCause),
    *(f"suspect-{suspect}-todo" for suspect in PossibleCause),
    *(f"ruled-out-{group}" for group in MistakeLocation),
    *(f"help-sign-{form}" for form in ("json", "js", "html")),
    *(f"outlet-{form}" for form in ExportFormat),
    *(f"outlet-{fault}" for fault in ExportErrorKind if fault is not ExportErrorKind.FILE),
    *(f"outlet-{fault}-todo" for fault in ExportErrorKind if fault is not ExportErrorKind.FILE),
    *(f"found-{fate}" for fate in ExistingFileAction),
    *(f"unheard-{how}" for how in FailureKind),
    *(f"unheard-{how}-todo" for how in FailureKind),
    *(f"check-{check}" for check in HealthCheck),
    *(f"health-{health.replace(' ', '-')}" for health in CheckStatus),
    *(f"checkup-no-{step}" for step in ConnectionStep if step is not ConnectionStep.ANSWER),
    *(f"checkup-tray-{tray}" for tray in TrayProbeResult),
    *(f"checkup-tray-{tray}-todo" for tray in ("no-host", "no-bus", "silent")),
}


def literals() -> Iterator[str]:
    """Every text constant of the package."""
    for module in (ROOT / "guarddog_gui").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def said_keys() -> Iterator[str]:
    """Every constant that is given to something called `say` as its first argument."""
    for module in (ROOT / "guarddog_gui").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                key = node.args[0].value
                if name == "text" and isinstance(key, str):
                    yield key


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_key_stands_in_the_file_twice() -> None:
    """JSON would take the last one without a word."""
    keys: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys.extend(key for key, value in pairs if isinstance(value, dict))
        return dict(pairs)

    json.loads(TEXT, object_pairs_hook=note)
    assert len(keys) == len(set(keys)) == len(TEXTS)


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_it_with_the_same_values(key: str) -> None:
    both = TEXTS[key]

    assert set(both) == {"en", "zh"}
    assert both["en"].strip()
    assert both["zh"].strip()
    assert placeholders(both["en"]) == placeholders(both["zh"])


@pytest.mark.parametrize("key", sorted(set(TEXTS) - SAME_IN_BOTH))
def test_the_chinese_text_is_chinese_and_the_english_one_is_not(key: str) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")

    assert chinese.search(TEXTS[key]["zh"])
    assert not chinese.search(TEXTS[key]["en"])


def test_every_key_of_the_file_is_used() -> None:
    reasons = {f"reason-{text.replace(' ', '-')}" for text in literals()}
    topics = {f"help-{text.removeprefix('--')}" for text in literals()}
    problems = {f"{text}-todo" for text in literals()}
    mistakes = {f"mistake-{kind}-todo" for kind in MistakeKind}  # some have one in common
    texts = set(literals())
    used = {
        *texts,
        *(key for key, both in TEXTS.items() if both["en"] in texts),
        *FAMILIES,
        *mistakes,
        *reasons,
        *(f"{reason}-todo" for reason in reasons),
        *topics,
        *problems,
    }

    assert sorted(set(TEXTS) - used) == []


def test_every_key_that_is_said_is_in_the_file() -> None:
    said = set(said_keys())

    assert len(said) > 50, "the search itself works"
    english = {both["en"] for both in TEXTS.values()}
    assert sorted((said | FAMILIES) - set(TEXTS) - english) == []


def test_nothing_that_is_said_takes_a_key_for_a_place() -> None:
    words = MessageCatalog.from_json(TEXT, "zh_CN")

    assert words.language == "zh_CN"
    assert words.text("headline-fresh", fresh=3, all=4) == "3/4 有效"
    assert MessageCatalog.from_json(TEXT, "en").text("headline-fresh", fresh=3, all=4) == "3 of 4 fresh"


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"en": "x"}}'])
def test_a_broken_file_of_words_is_our_bug(text: str) -> None:
    with pytest.raises(InternalError):
        MessageCatalog.from_json(text, "zh_CN").text("a")


def test_a_key_or_a_value_that_nobody_wrote_is_our_bug() -> None:
    words = MessageCatalog.from_json(TEXT, "en")

    with pytest.raises(InternalError, match="no-such-key-in-the-file"):
        words.text("no-such-key-in-the-file")
    with pytest.raises(InternalError, match="fresh"):
        words.text("headline-fresh", all=4)


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
    assert resolve_language(environ, setting) == spoken
