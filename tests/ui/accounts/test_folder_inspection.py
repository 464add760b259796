"""Inspection of a folder: once for each, never for the one that the account has."""

from msgspec.structs import replace
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.ui.accounts.folder_inspection import FolderInspection
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SHOP, RuntimeHarness

MOVED = replace(SHOP, dog_dir="/srv/dogs")


def test_a_new_folder_is_inspected_once(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    harness.existing_folders["/srv/dogs"] = FolderContents(other_dog_files=("X.dog",))
    owner = QObject()
    inspection = FolderInspection(harness.controller.account_jobs, formatter, SHOP, owner)
    assert inspection.is_needed(MOVED)
    assert inspection.contents(MOVED) is None
    with qtbot.waitSignal(inspection.finished):
        inspection.start(MOVED)
    assert not inspection.is_needed(MOVED)
    assert inspection.contents(MOVED) == FolderContents(other_dog_files=("X.dog",))
    assert inspection.contents(SHOP) is None


def test_the_folder_of_the_account_and_a_relative_one_are_not_inspected(
    harness: RuntimeHarness, formatter: Formatter
) -> None:
    owner = QObject()
    inspection = FolderInspection(harness.controller.account_jobs, formatter, MOVED, owner)
    assert not inspection.is_needed(MOVED)
    assert not inspection.is_needed(replace(SHOP, dog_dir="dogs"))
    assert not inspection.is_needed(SHOP)
