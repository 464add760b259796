"""Read the sharing of an account as it is stored, for a program that reads no accounts otherwise."""

from msgspec import ValidationError, convert

from guarddog_gui.domain.sharing.settings import Sharing
from guarddog_gui.domain.sharing.validation import sharing_problem


def sharing_from_dict(fields: dict[str, object], appid: str) -> Sharing | None:
    """Return the settings; None if they cannot be used."""
    try:
        sharing = convert(fields, Sharing)
    except (ValidationError, ValueError):
        return None
    return None if sharing_problem(sharing, appid) else sharing
