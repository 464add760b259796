"""The card of the sandbox in the rail."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.shell.sandbox_card import SandboxCard
from tests.ui import find

ICONS = Path(__file__).parents[3] / "resources" / "icons"
APPID, SECRET = "wx5a4db0c5feedface", "0123456789abcdef0123456789abcdef"


@pytest.fixture
def card(qtbot: QtBot) -> SandboxCard:
    card = SandboxCard(APPID, SECRET, Icons(ICONS))
    qtbot.addWidget(card)
    card.show()
    return card


def test_appid_and_appsecret_are_copied_with_one_click_each(card: SandboxCard) -> None:
    copied: list[tuple[str, str]] = []
    card.copy_requested.connect(lambda text, name: copied.append((text, name)))
    find.button(card, "Copy the AppID for trying").click()
    find.button(card, "Copy the AppSecret for trying").click()
    assert copied == [(APPID, APPID), (SECRET, f"the AppSecret of {APPID}")]


def test_a_rail_of_icons_has_only_the_mark(card: SandboxCard) -> None:
    card.set_compact(compact=True)
    assert not find.button(card, "Copy the AppID for trying").isVisible()
    card.set_compact(compact=False)
    assert find.button(card, "Copy the AppID for trying").isVisible()
