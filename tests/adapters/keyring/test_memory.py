"""The secrets of the sandbox."""

from __future__ import annotations

import pytest

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.services.ports import SecretStore
from tests.adapters.secret_store_contract import SecretStoreContract


class TestMemorySecrets(SecretStoreContract):
    @pytest.fixture
    def store(self) -> SecretStore:
        return MemorySecretStore()
