"""Recorder of the addresses that the desktop is asked to open."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def record_opened_urls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which each opened address is added; nothing is really opened."""
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(QUrl(url).toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return opened
