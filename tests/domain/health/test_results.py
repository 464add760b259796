"""Results of the health checks."""

import pytest

from guarddog_gui.domain.health.results import PathProbeResult


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o777])
def test_a_path_with_rights_for_others_is_accessible_to_them(mode: int) -> None:
    assert PathProbeResult("/a", exists=True, mode=mode).is_accessible_to_others


@pytest.mark.parametrize("mode", [None, 0o600, 0o700, 0o000])
def test_a_path_with_rights_for_its_owner_alone_is_private(mode: int | None) -> None:
    assert not PathProbeResult("/a", exists=True, mode=mode).is_accessible_to_others
