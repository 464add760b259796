"""The person's settings: one frozen value, each field with its default."""

from dataclasses import dataclass

LANGUAGES = ("system", "en", "zh_CN")
CLIPBOARD_MAX_S = 600


@dataclass(frozen=True, slots=True)
class Settings:
    """What `settings.json` holds.

    `clipboard_s` is how many seconds a copied value stays in the clipboard, 0 for ever;
    `close_hint_shown` that the person was told where the window goes when it is closed.
    """

    language: str = "system"
    clipboard_s: int = 30
    close_hint_shown: bool = False


def settings_problem(settings: Settings) -> str | None:
    """Why these settings cannot be used, as a key of `words`; None if they can."""
    if settings.language not in LANGUAGES:
        return "bad-language"
    if not 0 <= settings.clipboard_s <= CLIPBOARD_MAX_S:
        return "bad-clipboard-seconds"
    return None
