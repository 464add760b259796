"""The tray as `doctor` sees it, on a real bus."""

from guarddog_gui.adapters.tray_checkup import look_at_tray
from guarddog_gui.domain.checkup import TraySeen
from tests.desktop.tray_host import TrayHost

DESKTOP = {"WAYLAND_DISPLAY": "wayland-0"}


def test_a_panel_is_seen_when_it_comes_and_when_it_has_gone(private_bus: str) -> None:
    assert look_at_tray(DESKTOP, address=private_bus) is TraySeen.NO_HOST
    with TrayHost(private_bus) as host:
        assert look_at_tray(DESKTOP, address=private_bus) is TraySeen.HOST
        host.stop()
        assert look_at_tray(DESKTOP, address=private_bus) is TraySeen.NO_HOST
