"""Copying of tokens, tickets and other secrets: in the form that the user chose, for the time in the settings."""

from PySide6.QtCore import QObject, Slot

from guarddog_gui.app.settings_controller import SettingsController
from guarddog_gui.domain.tokens.copy_formats import render_copy
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, KeySubject, NamedTextSubject, SignedStringSubject


class Copying(QObject):
    """Puts what the controller and the windows deliver on the clipboard.

    The only place that applies the form of an account, so that every button and menu copies the same.
    """

    def __init__(
        self,
        settings_controller: SettingsController,
        controller: Controller,
        clipboard: Clipboard,
        api_base: str,
        parent: QObject | None = None,
    ) -> None:
        """Take as `api_base` the address that a copied curl line calls unless the settings have another one."""
        super().__init__(parent)
        self._settings_controller = settings_controller
        self._controller = controller
        self._clipboard = clipboard
        self._fixed_api_base = api_base if settings_controller.fixed_api_base is not None else ""
        copies = controller.copies
        copies.formats = settings_controller.settings.copy_formats
        copies.copy_ready.connect(self.copy_token)
        copies.appid_requested.connect(self.copy_appid)
        copies.formats_changed.connect(self._on_formats_changed)

    @Slot(str, object, str)
    def copy_token(self, appid: str, kind: TokenKind, value: str) -> None:
        """Copy a token or ticket in the form that the user has chosen for its account."""
        status = self._controller.overview().account(appid)
        key = status.key(kind) if status is not None else None
        record = key.record if key is not None else None
        expires_at = record.expires_at if record is not None and record.value == value else None
        copy_format = self._controller.copies.format_for(appid, kind)
        api_base = self._fixed_api_base or self._settings_controller.settings.api_base
        text = render_copy(copy_format, kind, value, appid=appid, expires_at=expires_at, api_base=api_base)
        name = appid if status is None else status.account.name
        self._copy_secret(text, KeySubject(kind, name, appid, copy_format, expires_at))

    @Slot(str)
    def copy_appid(self, appid: str) -> None:
        self._clipboard.copy_text(appid, NamedTextSubject(appid))

    @Slot(str)
    def copy_signed_string(self, text: str) -> None:
        self._copy_secret(text, SignedStringSubject())

    @Slot(str, str)
    def copy_named_secret(self, text: str, name: str) -> None:
        """Copy a text with a token in it, and show its name."""
        self._copy_secret(text, NamedTextSubject(name))

    def _copy_secret(self, text: str, subject: CopySubject) -> None:
        """Copy a secret text, to be cleared after the time in the settings."""
        self._clipboard.copy_secret(text, subject, self._settings_controller.settings.clipboard_s)

    @Slot(object)
    def _on_formats_changed(self, formats: object) -> None:
        self._settings_controller.update_fields(copy_formats=formats)
