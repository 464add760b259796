"""The Containerfile: what it promises in resources/docs/server.md. No engine builds it here."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "resources" / "docs" / "server.md").read_text(encoding="utf-8")


@pytest.fixture
def instructions() -> list[str]:
    text = (ROOT / "packaging" / "container" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_program_runs_as_another_user_than_root(instructions: list[str]) -> None:
    last_user = next(line for line in reversed(instructions) if line.startswith("USER "))
    assert last_user == "USER 10001:10001"
    assert "user 10001" in PAGE


def test_qt_is_not_in_the_image(instructions: list[str]) -> None:
    assert any(line.endswith("'.[redis]'") for line in instructions)
    assert not any("[tray]" in line for line in instructions)


def test_it_writes_below_its_volume_only_and_takes_secrets_from_files(instructions: list[str]) -> None:
    variables = dict(re.findall(r"(\w+)=(\S+)", next(line for line in instructions if line.startswith("ENV "))))
    assert "VOLUME " + variables["GUARDDOG_HOME"] in instructions
    module, _, name = variables["PYTHON_KEYRING_BACKEND"].rpartition(".")
    assert hasattr(import_module(module), name)
    assert variables["PYTHON_KEYRING_BACKEND"] in PAGE
