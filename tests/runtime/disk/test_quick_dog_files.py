import threading

import pytest

from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness


def test_the_disk_is_read_unless_it_takes_long(harness: RuntimeHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    harness.put_value(SHOP, TOKEN, "IN-MEMORY", age_s=1)
    harness.controller.reload_from_disk()
    reader = harness.controller.quick_reader(harness.dogs)
    assert reader.directory(SHOP) == harness.dogs.directory(SHOP)
    harness.put_value(SHOP, TOKEN, "ON-DISK", age_s=0)
    on_disk = reader.read(SHOP, TOKEN)
    assert on_disk is not None
    assert on_disk.value == "ON-DISK"

    released = threading.Event()
    monkeypatch.setattr(harness.dogs, "read", lambda *_: released.wait(20))
    harness.calls.quick_wait_s = 0.01
    in_memory = reader.read(SHOP, TOKEN)
    assert in_memory is not None
    assert in_memory.value == "IN-MEMORY"
    released.set()
