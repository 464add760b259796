"""File with the hashes of the keys."""

import json
import stat
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.client_keys_file import ClientKeysFile
from guarddog_gui.domain.client_keys import ClientKey, hash_key

KEYS = (
    ClientKey("ci", hash_key("a"), ("wx1", "wx2"), created_at=12.5),
    ClientKey("prometheus", hash_key("b"), metrics=True),
)


@pytest.fixture
def file(tmp_path: Path) -> ClientKeysFile:
    return ClientKeysFile(tmp_path / "config" / "client_keys.json")


def test_keys_come_back_as_they_were(file: ClientKeysFile, tmp_path: Path) -> None:
    assert file.load() == ()
    file.update(lambda _: KEYS)
    assert file.load() == KEYS
    path = tmp_path / "config" / "client_keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["version"] == 1


def test_the_stamp_changes_with_the_file(file: ClientKeysFile) -> None:
    file.update(lambda _: KEYS)
    before = file.stamp()
    file.update(lambda keys: keys[:1])
    assert file.stamp() != before


@pytest.mark.parametrize(
    "item",
    [
        None, {}, {"name": "x"}, {"name": "x", "sha256": "short"}, {"name": "x\n", "sha256": "0" * 64},
        {"name": "x", "sha256": "0" * 64, "appids": "wx1"}, {"name": "x", "sha256": "0" * 64, "metrics": "yes"},
    ],
)  # fmt: skip
def test_a_damaged_key_opens_nothing_and_the_others_work(file: ClientKeysFile, tmp_path: Path, item: object) -> None:
    file.update(lambda _: KEYS)
    path = tmp_path / "config" / "client_keys.json"
    fields = json.loads(path.read_text())
    fields["keys"].insert(0, item)
    path.write_text(json.dumps(fields))
    before = path.read_bytes()
    assert file.load() == KEYS
    assert file.is_damaged
    assert path.read_bytes() == before


def test_no_file_of_another_form_opens_anything(file: ClientKeysFile, tmp_path: Path) -> None:
    file.update(lambda _: KEYS)
    for text in ("", "[]", "{", '{"keys": {}}', '{"keys": null}'):
        (tmp_path / "config" / "client_keys.json").write_text(text)
        assert file.load() == ()
