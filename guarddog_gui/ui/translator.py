"""Translations of the windows, of Qt's own dialogs and of dates, exchanged while the program runs."""

import re

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH, MessageCatalog

_QT_CLASS = re.compile("Q[A-Z]")


class CatalogTranslator(QTranslator):
    """Translator by which `tr` finds a text in the catalogue that messages use, too."""

    def __init__(self, message_catalog: MessageCatalog, parent: QObject) -> None:
        super().__init__(parent)
        self._translations = message_catalog.translations

    def translate(self, context: str, source: str, disambiguation: str | None = None, _n: int = -1) -> str | None:
        """Return the translation; None leaves the texts of Qt's own classes to Qt's catalogue.

        The class in `context` does not matter: the English text is the key. `tr`'s second argument is
        gettext's context.
        """
        if not source or _QT_CLASS.match(context):
            return None
        if disambiguation:
            return self._translations.pgettext(disambiguation, source)
        return self._translations.gettext(source)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's own name
        """Return that there are texts: Qt does not install a translator without any."""
        return False


class Translator(QObject):
    """Language of the application; widgets get a QEvent.LanguageChange when it is set."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self._application = application
        self._installed: list[QTranslator] = []

    def set_catalog(self, message_catalog: MessageCatalog) -> QLocale:
        """Use the language of this catalogue, and return the locale for its dates and numbers."""
        for translator in self._installed:
            self._application.removeTranslator(translator)
        self._installed.clear()
        language = message_catalog.language
        locale = QLocale(QLocale.Language.Chinese, QLocale.Country.China) if language == CHINESE else QLocale("en")
        if language != ENGLISH:  # the texts in the code are English
            qt_translator = QTranslator(self)
            if qt_translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                self._installed.append(qt_translator)
            self._installed.append(CatalogTranslator(message_catalog, self))
        for translator in self._installed:
            self._application.installTranslator(translator)
        QLocale.setDefault(locale)
        return locale
