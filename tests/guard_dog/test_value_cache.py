"""Cached values follow their file."""

import os

from guarddog_gui.guard_dog import GuardDog
from tests.fakes import NOW
from tests.guard_dog.scripted_loader import KEY, ExternalDogFile, ScriptedLoader


def test_changed_file_is_noticed_after_many_cached_reads(
    dog: GuardDog, source: ScriptedLoader, folder: ExternalDogFile
) -> None:
    folder.put("token0", NOW)
    os.utime(folder.file, (NOW - 100, NOW - 100))
    dog.init(KEY, source)
    assert [dog.get(KEY) for _ in range(3)] == ["token0"] * 3
    folder.put("tokenX", NOW)  # of the same length, in place
    assert dog.get(KEY) == "tokenX"
    os.utime(folder.file, (NOW - 100, NOW - 100))
    assert [dog.get(KEY) for _ in range(3)] == ["tokenX"] * 3
    other = folder.file.with_name("other")
    other.write_text(folder.file.read_text().replace("tokenX", "tokenY"))
    os.utime(other, (NOW - 100, NOW - 100))
    other.replace(folder.file)
    assert dog.get(KEY) == "tokenY"
