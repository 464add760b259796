"""Both languages everywhere: the files are in step with the code, and every window speaks the chosen one."""

import re
import shutil
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message as BabelMessage
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from translations import (
    PO_FILE,
    NotConstantError,
    SourceText,
    compile_catalog,
    extract_texts,
    mo_path,
    read_catalog,
    untranslated_texts,
    update_catalog,
)

from guarddog_gui.bootstrap.catalogues import load_jssdk_errors
from guarddog_gui.domain.signing.js_apis import JS_APIS, OPEN_TAGS
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.clipboard.subject import KeySubject, SignedStringSubject
from guarddog_gui.ui.errcode_page import ErrcodePage
from tests.ui import find
from tests.ui.app_windows import IP_NOT_LISTED_ERRMSG, SHOP, VIEWS, AppLauncher
from tests.ui.message_boxes import MessageBoxAnswerer
from tests.ui.visible_texts import visible_texts

ENGLISH, CHINESE = "en", "zh_CN"

# what a Chinese developer writes in Latin letters, too
SAME_IN_CHINESE = re.compile(
    r"\b(guarddogctl accounts add|Guard Dog|GUARDDOG_API_BASE|English|AppID|AppSecret|Secret|ID|IP|API"
    r"|env|dogs|SPA|string1|curl|direct|Redis|rediss|sentinel|cluster|unix|TLS|CA|wechatpy|WxJava|silenceper"
    r"|Go|Symfony|EasyWeChat|MP_verify|txt"
    r"|JSON|CSV|HTTP|access_token|jsapi_ticket|stable_token|token|ticket|errcode|errmsg|rid|ms|stable|classic|dog"
    r"|GET|POST|HTTPS|URL|XML|JS-SDK|JS|wx|(wx\.)?(config|agentConfig|addCard|chooseCard)|card/create|timestamp|nonceStr|signature|debug|http|https|from|state|xn|openid|scope|code|action|session_key|msgtype|path|scene|menuid|component|clientmsgid|check_path|[a-z]+(_[a-z]+)+)\b",
    re.ASCII | re.IGNORECASE,
)
# values: links, paths, addresses, AppIDs, masked tokens
NOT_WORDS = re.compile(
    r"<[^>]*>|\bwx:\S+|(?:https?|socks5|rediss?)://\S*|MP_verify_…\.txt|shop\.example\.cn|#/\w+|\blocation\.href\b"
    r"|/?(?:cgi-bin|wxa|wxaapi|datacube|customservice)/[\w/]+|\bCtrl\+Enter\b|\b[\w.]+\.com\b|\bwx[\w…]+|\b\w+…\w+\b",
    re.ASCII,
)
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


TRANSLATED = [message for message in read_catalog(PO_FILE) if message.id]
JSSDK_MESSAGES = [error.message for error in load_jssdk_errors()]
CHINESE_LETTER = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {
    "JS-SDK",
    "AppID",
    "HOST:PORT",
    "token",
    "ticket",
    "access_token",
    "{action}: {name}",
    "{reason} ({code})",
    "jsapi_ticket",
    "{heading}:",
    "stable",
    "classic",
    "Nonce",
    "Timestamp",
    "{name}: {text}",
    "{name}: {value}",
    "guarddogctl serve keys list",
}


def forms(text: object) -> tuple[str, ...]:
    """The text, or its singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, tuple | list) else ()


# -- the catalogue --------------------------------------------------------------------------------


def test_the_catalogue_has_the_texts_of_the_code_and_no_others() -> None:
    in_code = {(text.context, text.singular) for text in extract_texts()}
    in_catalogue = {(message.context, forms(message.id)[0]) for message in TRANSLATED}
    assert in_catalogue == in_code, "run: python3 packaging/dev.py translate"
    assert len(TRANSLATED) > 800


def test_nothing_in_the_catalogue_changes_when_it_is_written_again(tmp_path: Path) -> None:
    again = tmp_path / PO_FILE.name
    shutil.copy(PO_FILE, again)
    update_catalog(again, extract_texts())
    assert again.read_text(encoding="utf-8") == PO_FILE.read_text(encoding="utf-8")


def test_what_the_program_reads_is_compiled_of_the_catalogue(tmp_path: Path) -> None:
    compiled = tmp_path / "guarddog.mo"
    compile_catalog(PO_FILE, compiled)
    assert mo_path(PO_FILE).read_bytes() == compiled.read_bytes(), "run: python3 packaging/dev.py translate"


def test_no_text_is_untranslated_or_waits_for_a_look() -> None:
    assert untranslated_texts(PO_FILE) == []


def test_a_new_text_counts_as_untranslated_and_an_old_one_goes(tmp_path: Path) -> None:
    po_file = tmp_path / PO_FILE.name
    shutil.copy(PO_FILE, po_file)
    update_catalog(po_file, {SourceText("fresh"), SourceText("a day", "{n} days"), SourceText("new", context="x")})
    assert sorted(untranslated_texts(po_file)) == ["a day", "new"]
    assert {forms(message.id)[0] for message in read_catalog(po_file) if message.id} == {"fresh", "a day", "new"}


def test_the_texts_of_a_call_are_found_and_a_composed_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(
        'self.tr("a" "b"); self.tr(" s", "clipboard"); text("c" if x else "d"); text(TABLE[x]); N_("e")\n'
        'NC_("trigger", "f"); translate("Form", "g"); plural("h", "i", 2); messages.message("j", "k")\n',
        encoding="utf-8",
    )
    assert extract_texts(tmp_path) == {
        *map(SourceText, ("ab", "c", "d", "e", "g", "j", "k")),
        SourceText(" s", context="clipboard"),
        SourceText("f", context="trigger"),
        SourceText("h", "i"),
    }
    for composed in ('text(f"state-{state}")', 'self.tr("a" + b)', "self.tr(name)", 'plural(f"{n}", "b", n)'):
        (tmp_path / "module.py").write_text(composed, encoding="utf-8")
        with pytest.raises(NotConstantError, match=r"module\.py:1"):
            extract_texts(tmp_path)


@pytest.mark.parametrize("message", TRANSLATED, ids=lambda message: str(message.id))
def test_every_text_is_translated_with_the_same_values(message: BabelMessage) -> None:
    english = forms(message.id)[-1]
    for text in forms(message.string):
        assert text.strip()
        assert placeholders(text) == placeholders(english)
        assert text.endswith("…") is english.endswith("…")
        assert (text[:1] == " ") is (english[:1] == " ")
        assert text.endswith("\n") is english.endswith("\n")
        assert not re.search(r"[\u4e00-\u9fff][,.:;?!]", text), "Chinese punctuation is full-width"
        assert CHINESE_LETTER.search(text) or english in SAME_IN_BOTH
    assert not CHINESE_LETTER.search(english)


def placeholders(text: str) -> list[str]:
    named = sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    return named + sorted(re.findall(r"%(?:\(\w+\))?[sr]", text))


# -- the windows ----------------------------------------------------------------------------------


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
    program.settings_controller.apply_and_save(replace(program.settings_controller.settings, language=language))
    for _ in range(5):  # passes in which nested layouts settle; elided texts have tooltips
        QApplication.processEvents()
    assert visible_texts(shown) == born


def test_what_a_search_for_an_errcode_has_found_is_in_the_new_language(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(ENGLISH)
    program.show_page("errcodes")
    page = program.page(ErrcodePage)
    facts = find.label(page, "errcode-facts")
    find.field(page, "Search the errcodes").setText("invalid")
    assert "add a word" in facts.text()
    program.settings_controller.apply_and_save(replace(program.settings_controller.settings, language=CHINESE))
    assert facts.isVisible()
    assert facts.text().isascii() is False


def test_the_news_of_a_copy_counts_on_in_the_new_language(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(ENGLISH)
    window = program.window
    window.show_status("Something that has happened")
    program.settings_controller.apply_and_save(replace(program.settings_controller.settings, language=CHINESE))
    assert find.toast(window) == ""
    program.clipboard.copied.emit(KeySubject(TokenKind.ACCESS_TOKEN, SHOP.name))
    program.clipboard.countdown_changed.emit(30)
    assert find.toast(window) == "已复制「小店」access_token · 0:30 后清除"
    program.settings_controller.apply_and_save(replace(program.settings_controller.settings, language=ENGLISH))
    assert find.toast(window) == "Copied access_token of 小店 · cleared in 0:30"
    program.clipboard.copied.emit(SignedStringSubject())
    program.clipboard.countdown_changed.emit(29)
    program.settings_controller.apply_and_save(replace(program.settings_controller.settings, language=CHINESE))
    assert find.toast(window) == "已复制 string1 · 0:29 后清除"


def test_the_question_before_a_force_is_asked_in_chinese(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(CHINESE)
    answering = MessageBoxAnswerer(None)
    confirm_and_force(program.window, program.harness.controller, program.formatter, SHOP)
    (asked,) = answering.shown
    assert set(asked.buttons) == {"强制刷新", "取消"}
    assert not LATIN_WORD.search(without_the_same(asked.text + asked.informative_text))
