"""Language of the application: its own texts, those of Qt, dates."""

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH, MessageCatalog
from guarddog_gui.ui.translator import CatalogTranslator, Translator
from tests.ui.app_windows import AppLauncher


@pytest.fixture
def translator(qapp: QApplication) -> Iterator[Translator]:
    translator = Translator(qapp)
    yield translator
    translator.set_catalog(MessageCatalog())
    QLocale.setDefault(QLocale.system())


def translate(text: str, disambiguation: str | None = None) -> str:
    return QCoreApplication.translate("AnyClass", text, disambiguation)


def test_a_text_of_any_class_is_found_in_the_catalogue(translator: Translator) -> None:
    translator.set_catalog(load_message_catalog(CHINESE))

    assert translate("Account") == "账号"
    assert translate("No such text") == "No such text"


def test_english_needs_no_translations(translator: Translator) -> None:
    translator.set_catalog(load_message_catalog(CHINESE))
    translator.set_catalog(load_message_catalog(ENGLISH))

    assert translate("Account") == "Account"


def test_the_second_argument_of_tr_is_the_context_of_gettext(qapp: QApplication) -> None:
    catalog = load_message_catalog(CHINESE)
    by_catalog = CatalogTranslator(catalog, qapp)

    for context, text in (("clipboard", " s"), ("trigger", "timer")):
        assert by_catalog.translate("AnyClass", text, context) == catalog.translations.pgettext(context, text)


def test_texts_of_qt_are_left_to_its_own_translations(qapp: QApplication) -> None:
    by_catalog = CatalogTranslator(load_message_catalog(CHINESE), qapp)

    assert by_catalog.translate("QPlatformTheme", "Cancel") is None
    assert by_catalog.translate("AnyClass", "") is None
    assert by_catalog.translate("Quotas", "Account") == "账号", "no class of Qt"


@pytest.mark.parametrize(
    ("language", "spoken"), [(CHINESE, QLocale.Language.Chinese), (ENGLISH, QLocale.Language.English)]
)
def test_dates_and_numbers_follow_the_language(translator: Translator, language: str, spoken: QLocale.Language) -> None:
    locale = translator.set_catalog(load_message_catalog(language))

    assert locale.language() is spoken
    assert QLocale().language() is spoken


class ChangeCounter(QObject):
    """Event filter that counts changes of the language."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LanguageChange
        return False


def test_widgets_are_told_of_a_new_language(translator: Translator, qtbot: QtBot, qapp: QApplication) -> None:
    window, counter = QWidget(), ChangeCounter()
    qtbot.addWidget(window)
    window.installEventFilter(counter)
    window.show()

    translator.set_catalog(load_message_catalog(CHINESE))
    qapp.processEvents()

    assert counter.count >= 1


def test_qt_itself_speaks_chinese_and_english_again_afterwards(app_launcher: AppLauncher) -> None:
    program = app_launcher.start(CHINESE)
    assert standard_buttons() == {"取消", "保存"}
    files = QFileDialog()
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    assert "取消" in {button.text() for button in files.findChildren(QPushButton)}
    program.settings_controller.apply_and_save(replace(program.settings_controller.settings, language=ENGLISH))
    assert standard_buttons() == {"Cancel", "Save"}


def standard_buttons() -> set[str]:
    """Return the texts of two buttons that Qt itself names, without their mnemonics."""
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, "", "", buttons.Cancel | buttons.Save)
    return {re.sub(r"&|\(&?\w\)", "", button.text()) for button in box.buttons()}
