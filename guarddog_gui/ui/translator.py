"""Qt's translators: our own texts and those of Qt's dialogs, exchanged while the program runs."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from guarddog_gui.domain.message_catalog import CHINESE

SOURCE_LANGUAGE = "en"  # the language of the texts in the code


class Translator(QObject):
    """Installs what a language needs; widgets hear of it by QEvent.LanguageChange."""

    def __init__(self, folder: Path, application: QCoreApplication) -> None:
        super().__init__(application)
        self._folder = folder
        self._application = application
        self._installed: list[QTranslator] = []

    def set_language(self, language: str) -> QLocale:
        """Use `en` or `zh_CN` from now on; the locale for days and numbers."""
        for translator in self._installed:
            self._application.removeTranslator(translator)
        self._installed.clear()
        locale = (
            QLocale(QLocale.Language.Chinese, QLocale.Country.China) if language == CHINESE else QLocale("en")
        )
        if language != SOURCE_LANGUAGE:
            self._install_translator(
                "qtbase", language, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            )
            self._install_translator("guarddog", language, self._folder)
        QLocale.setDefault(locale)
        return locale

    def _install_translator(self, name: str, language: str, folder: Path) -> None:
        translator = QTranslator(self)
        if translator.load(f"{name}_{language}", str(folder)):
            self._application.installTranslator(translator)
            self._installed.append(translator)
