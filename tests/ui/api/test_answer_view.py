"""The answer: what is too large or no picture is said, and nothing is decoded by the name of a server."""

import struct
import time
import zlib

import pytest
from PySide6.QtWidgets import QLabel

from guarddog_gui.domain.api.answer import ApiReply
from guarddog_gui.ui.api.answer_view import SHOWN_MAX
from tests.api_fakes import PNG
from tests.ui import find
from tests.ui.api.api_page_driver import ApiPageDriver


def show(page: ApiPageDriver, body: bytes) -> None:
    page.enter("cgi-bin/media/get")
    page.answer_with(ApiReply(200, body))
    page.send()


def huge_png() -> bytes:
    """Return a picture of 30,000 × 30,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("body", [huge_png(), PNG[:40], b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-1.7", b"\0\1\2"])
def test_what_is_no_picture_to_decode_is_offered_for_saving(page: ApiPageDriver, body: bytes) -> None:
    started = time.monotonic()
    show(page, body)
    assert find.shows(page.page, "Save it.")
    assert find.widget(page.page, QLabel, "answer-picture").pixmap().isNull()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("body", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><img src=x></html>"])
def test_a_page_in_the_place_of_a_picture_is_shown_as_text(page: ApiPageDriver, body: bytes) -> None:
    show(page, body)
    assert page.answer == body.decode()


def test_a_long_text_is_shown_in_part_and_copied_whole(page: ApiPageDriver) -> None:
    body = b'["' + b"a" * (SHOWN_MAX * 2) + b'"]'
    show(page, body)
    assert len(page.answer) == SHOWN_MAX
    assert find.shows(page.page, "The beginning is shown")
    page.show_raw()
    page.click("Copy")
    assert page.copied[0][0] == body.decode()


def test_a_text_is_saved_as_it_came(page: ApiPageDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []

    def choose(_parent: object, _title: str, name: str) -> tuple[str, str]:
        names.append(name)
        return "/x.json", ""

    monkeypatch.setattr("guarddog_gui.ui.api.answer_view.QFileDialog.getSaveFileName", choose)
    show(page, b'{"a":1}')
    page.click("Save…")
    page.wait()
    assert names == ["get.json"]
    assert page.harness.saved_files == {"/x.json": b'{"a":1}'}


def test_before_the_first_call_there_is_nothing_to_copy_or_save(page: ApiPageDriver) -> None:
    assert not find.button(page.page, "Copy").isEnabled()
    assert not find.button(page.page, "Save…").isEnabled()
    assert page.status == ""


def test_a_picture_is_followed_by_a_text_again(page: ApiPageDriver) -> None:
    show(page, PNG)
    assert not page.is_shown("Copy")
    show(page, b'{"a":1}')
    assert page.is_shown("Copy")
    assert not find.shows(page.page, "pixels")


def test_save_stays_in_its_place_when_a_picture_follows_a_text(page: ApiPageDriver) -> None:
    show(page, b'{"a":1}')
    button = find.button(page.page, "Save…")
    place = button.pos()
    show(page, PNG)
    assert button.pos() == place
