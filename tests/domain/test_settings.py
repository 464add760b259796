"""Validation of settings."""

import pytest

from guarddog_gui.domain.settings import Settings, settings_problem


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (Settings(), None),
        (Settings(language="zh_CN", clipboard_s=0), None),
        (Settings(clipboard_s=600), None),
        (Settings(language="klingon"), "bad-language"),
        (Settings(clipboard_s=-1), "bad-clipboard-seconds"),
        (Settings(clipboard_s=601), "bad-clipboard-seconds"),
    ],
)
def test_invalid_settings_have_a_problem(settings: Settings, problem: str | None) -> None:
    assert settings_problem(settings) == problem
