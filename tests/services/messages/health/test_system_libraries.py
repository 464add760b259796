import pytest

from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.health.system_packages import Distribution
from guarddog_gui.services.messages.health.system_libraries import libraries_finding, missing_libraries_message
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_the_sentence_has_the_libraries_and_the_command(messages: Messages) -> None:
    message = missing_libraries_message(("libGL.so.1", "libxcb-cursor.so.0"), Distribution.DEBIAN, messages)
    assert "libGL.so.1, libxcb-cursor.so.0" in message.summary
    assert "sudo apt install libgl1 libxcb-cursor0" in message.advice


def test_on_a_system_that_is_not_known_the_user_has_to_find_the_packages() -> None:
    message = missing_libraries_message(("libGL.so.1",), Distribution.OTHER, ENGLISH)
    assert message.advice == "Install the packages of your system that have them, then start Guard Dog again."


def test_doctor_says_what_is_missing_and_where_it_does_not_matter() -> None:
    missing = libraries_finding(("libGL.so.1",), Distribution.ARCH, ENGLISH, has_qt=True)
    assert (missing.status, "pacman -S libglvnd" in missing.advice) == (CheckStatus.FAILED, True)
    assert libraries_finding((), Distribution.ARCH, ENGLISH, has_qt=True).status is CheckStatus.OK
    no_desktop = libraries_finding(("libGL.so.1",), Distribution.ARCH, ENGLISH, has_qt=True, has_desktop=False)
    assert (no_desktop.status, no_desktop.summary) == (CheckStatus.NOT_CHECKED, "There is no desktop here.")
    without = libraries_finding((), Distribution.ARCH, ENGLISH, has_qt=False)
    assert (without.status, "[tray]" in without.advice) == (CheckStatus.NOT_CHECKED, True)
