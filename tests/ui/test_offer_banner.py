import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.offer_banner import Offer, OfferBanner
from tests.ui import find


@pytest.fixture
def banner(formatter: Formatter, qtbot: QtBot) -> OfferBanner:
    banner = OfferBanner(formatter)
    qtbot.addWidget(banner)
    return banner


def test_nothing_is_shown_before_there_is_an_offer(banner: OfferBanner) -> None:
    assert banner.isHidden()


@pytest.mark.parametrize(
    ("offer", "version", "button", "is_accepted"),
    [
        (Offer.DESKTOP, "", "Add", True),
        (Offer.DESKTOP, "", "Not now", False),
        (Offer.UPDATE, "0.2.0", "What is new", True),
        (Offer.UPDATE, "0.2.0", "Not now", False),
    ],
)
def test_an_answer_is_given_once_and_hides_the_banner(
    banner: OfferBanner, qtbot: QtBot, offer: Offer, version: str, button: str, *, is_accepted: bool
) -> None:
    banner.show_offer(offer, version)
    with qtbot.waitSignal(banner.answered) as answered:
        find.button(banner, button).click()
    assert answered.args == [offer, is_accepted]
    assert banner.isHidden()
