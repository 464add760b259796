"""Fake keyrings for the tests of the keyring adapter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.fake_keyring import BlockingEffect, FakeKeyring


@pytest.fixture
def fake() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def hang() -> Iterator[BlockingEffect]:
    hang = BlockingEffect()
    yield hang
    hang.release()
