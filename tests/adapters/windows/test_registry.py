import os

import pytest

from guarddog_gui.adapters.windows.registry import current_user_registry
from guarddog_gui.domain.errors import InternalError

KEY = rf"Software\Guard Dog tests\{os.getpid()}"


@pytest.mark.only_on("win32")
def test_a_value_can_be_written_read_and_deleted_twice() -> None:
    registry = current_user_registry()
    registry.write(KEY, "name", "value")
    assert registry.read(KEY, "name") == "value"
    registry.delete(KEY, "name")
    registry.delete(KEY, "name")
    assert registry.read(KEY, "name") is None


@pytest.mark.only_on("linux", "darwin")
def test_other_systems_have_none() -> None:
    with pytest.raises(InternalError):
        current_user_registry()
