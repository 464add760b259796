"""Qt's translators: our own texts and those of Qt's dialogs, exchanged while the program runs."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from guarddog_gui.domain.message_catalog import CHINESE

SOURCE = "en"  # the language of the texts in the code


class Languages(QObject):
    """Installs what a language needs; widgets hear of it by QEvent.LanguageChange."""

    def __init__(self, folder: Path, application: QCoreApplication) -> None:
        super().__init__(application)
        self._folder = folder
        self._application = application
        self._installed: list[QTranslator] = []

    def speak(self, language: str) -> QLocale:
        """Use `en` or `zh_CN` from now on; the locale for days and numbers."""
        for translator in self._installed:
            self._application.removeTranslator(translator)
        self._installed.clear()
        locale = (
            QLocale(QLocale.Language.Chinese, QLocale.Country.China) if language == CHINESE else QLocale("en")
        )
        if language != SOURCE:
            self._install(
                "qtbase", language, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            )
            self._install("guarddog", language, self._folder)
        QLocale.setDefault(locale)
        return locale

    def _install(self, name: str, language: str, folder: Path) -> None:
        translator = QTranslator(self)
        if translator.load(f"{name}_{language}", str(folder)):
            self._application.installTranslator(translator)
            self._installed.append(translator)
