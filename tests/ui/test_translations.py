"""Both languages everywhere: the files are in step with the code, and every window speaks the chosen one."""

import ast
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from translations import TS_FILE, compile_qm_file, qm_path, update_ts_file

from guarddog_gui.bootstrap.container import load_jssdk_errors
from guarddog_gui.domain.signing.js_apis import JS_APIS, OPEN_TAGS
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from tests.ui.app_windows import IP_NOT_LISTED_ERRMSG, SHOP, VIEWS, AppLauncher, populated_app
from tests.ui.message_boxes import MessageBoxAnswerer
from tests.ui.visible_texts import visible_texts

ENGLISH, CHINESE = "en", "zh_CN"
Message = tuple[str, str]  # context, source

# what a Chinese developer writes in Latin letters, too
SAME_IN_CHINESE = re.compile(
    r"\b(guarddogctl accounts add|Guard Dog|GUARDDOG_API_BASE|English|AppID|AppSecret|Secret|ID|IP|API"
    r"|env"
    r"|JSON|CSV|HTTP|access_token|jsapi_ticket|stable_token|token|ticket|errcode|errmsg|rid|ms|stable|classic|dog"
    r"|GET|POST|HTTPS|URL|XML|JS-SDK|JS|wx|(wx\.)?(config|addCard|chooseCard)|card/create|timestamp|nonceStr|signature|debug|http|https|from|state|xn|openid|scope|code|action|session_key|[a-z]+(_[a-z]+)+)\b",
    re.ASCII | re.IGNORECASE,
)
# values: links, paths, addresses, AppIDs, masked tokens
NOT_WORDS = re.compile(
    r"<[^>]*>|https?://\S+|#/\w+|\blocation\.href\b|/cgi-bin/[\w/]+|\b[\w.]+\.com\b|\bwx[\w…]+|\b\w+…\w+\b",
    re.ASCII,
)
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def messages(file: Path) -> dict[Message, ET.Element]:
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    return {
        (context.findtext("name") or "", message.findtext("source") or ""): translation
        for context in root.iter("context")
        for message in context.iter("message")
        for translation in message.iter("translation")
    }


TRANSLATED = messages(TS_FILE)
JSSDK_MESSAGES = [error.message for error in load_jssdk_errors()]


# -- the files ------------------------------------------------------------------------------------


def test_the_source_has_the_texts_of_the_code_and_no_others(tmp_path: Path) -> None:
    fresh = tmp_path / TS_FILE.name
    shutil.copy(TS_FILE, fresh)
    update_ts_file(fresh)
    assert set(messages(fresh)) == set(TRANSLATED), "run: python3 packaging/dev.py translate"
    assert len(TRANSLATED) > 100


def test_lupdate_sees_every_text_that_the_code_gives_to_qt() -> None:
    known = {source for _, source in TRANSLATED}
    assert set(given_to_qt()) <= known


def given_to_qt() -> Iterator[str]:
    """The texts of every `tr` and `translate` of the code, found by Python's own parser."""
    for module in (TS_FILE.parents[2] / "guarddog_gui").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="tr"), args=[text, *_]):
                    pass
                case ast.Call(func=ast.Attribute(attr="translate"), args=[_, text, *_]):
                    pass
                case _:
                    continue
            assert isinstance(text, ast.Constant), f"{module.name}: not a constant: {ast.unparse(text)}"
            yield str(text.value)


@pytest.mark.parametrize("message", TRANSLATED, ids=str)
def test_every_text_is_translated_with_the_same_values(message: Message) -> None:
    translation = TRANSLATED[message]
    assert translation.get("type") is None, "unfinished"
    text = translation.text or ""
    assert placeholders(text) == placeholders(message[1])
    assert text.endswith("…") is message[1].endswith("…")
    assert (text[:1] == " ") is (message[1][:1] == " ")
    assert not re.search(r"[\u4e00-\u9fff][,.:;?!]", text), "Chinese punctuation is full-width"


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_what_qt_loads_is_made_of_the_source(tmp_path: Path) -> None:
    made = tmp_path / "made.qm"
    compile_qm_file(made, TS_FILE)
    assert qm_path(TS_FILE).read_bytes() == made.read_bytes(), "run: python3 packaging/dev.py translate"


def test_a_text_that_is_not_translated_cannot_be_compiled(tmp_path: Path) -> None:
    source = tmp_path / "unfinished.ts"
    update_ts_file(source)
    with pytest.raises(SystemExit):
        compile_qm_file(tmp_path / "unfinished.qm", source)


# -- the windows ----------------------------------------------------------------------------------


@pytest.fixture
def app_launcher(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AppLauncher]:
    with populated_app(qapp, qtbot, tmp_path) as app_launcher:
        yield app_launcher


@pytest.mark.parametrize("view", VIEWS)
def test_in_chinese_no_english_word_is_left(view: str, app_launcher: AppLauncher, qtbot: QtBot) -> None:
    words = visible_texts(VIEWS[view](app_launcher.start(CHINESE), qtbot))
    assert any(re.search(r"[\u4e00-\u9fff]", word) for word in words.values())
    left = {word: found for word in words.values() if (found := LATIN_WORD.findall(without_the_same(word)))}
    assert left == {}


def without_the_same(text: str) -> str:
    """A text without what is the same in both languages: terms, addresses, values, WeChat's own words."""
    for theirs in (IP_NOT_LISTED_ERRMSG, *JSSDK_MESSAGES, *JS_APIS, *OPEN_TAGS):
        text = text.replace(theirs, "")
    return SAME_IN_CHINESE.sub("", NOT_WORDS.sub("", text))


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
@pytest.mark.parametrize("view", VIEWS)
def test_what_changes_its_language_says_the_same_as_what_was_started_in_it(
    view: str, language: str, app_launcher: AppLauncher, qtbot: QtBot
) -> None:
    born = visible_texts(VIEWS[view](app_launcher.start(language), qtbot))
    program = app_launcher.start(CHINESE if language == ENGLISH else ENGLISH)
    shown = VIEWS[view](program, qtbot)
    assert visible_texts(shown) != born
    program.settings_controller.apply_and_save(
        replace(program.settings_controller.settings, language=language)
    )
    QApplication.processEvents()
    assert visible_texts(shown) == born


def test_the_line_at_the_bottom_counts_on_in_the_new_language(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(ENGLISH)
    window, bar = program.window, program.window.statusBar()
    window.show_status("Something that has happened")
    program.settings_controller.apply_and_save(
        replace(program.settings_controller.settings, language=CHINESE)
    )
    assert bar.currentMessage() == ""
    window._on_copy_ready(SHOP.appid, TokenKind.ACCESS_TOKEN, "")
    window._on_countdown_changed(30)
    assert bar.currentMessage() == "已复制 小店 的 ACCESS_TOKEN · 0:30 后清除"
    program.settings_controller.apply_and_save(
        replace(program.settings_controller.settings, language=ENGLISH)
    )
    assert bar.currentMessage() == "Copied ACCESS_TOKEN of 小店 · cleared in 0:30"
    window._on_secret_copy_requested("")
    window._on_countdown_changed(29)
    program.settings_controller.apply_and_save(
        replace(program.settings_controller.settings, language=CHINESE)
    )
    assert bar.currentMessage() == "已复制参与签名的字符串 · 0:29 后清除"


def test_the_question_before_a_force_is_asked_in_chinese(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(CHINESE)
    answering = MessageBoxAnswerer(None)
    confirm_and_force(program.window, program.harness.controller, program.formatter, SHOP)
    (asked,) = answering.shown
    assert set(asked.buttons) == {"强制刷新", "取消"}
    assert not LATIN_WORD.search(without_the_same(asked.text + asked.informative_text))


def test_qt_itself_speaks_chinese_and_english_again_afterwards(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(CHINESE)
    assert standard_buttons() == {"取消", "保存"}
    files = QFileDialog()
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    assert "取消" in {button.text() for button in files.findChildren(QPushButton)}
    program.settings_controller.apply_and_save(
        replace(program.settings_controller.settings, language=ENGLISH)
    )
    assert standard_buttons() == {"Cancel", "Save"}


def standard_buttons() -> set[str]:
    """The texts of two buttons that Qt itself names, without the letters for the keyboard."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, "", "", buttons.Cancel | buttons.Save)
    return {re.sub(r"&|\(&?\w\)", "", button.text()) for button in box.buttons()}
