"""MemorySecretStore fulfils the contract of a secret store."""

from __future__ import annotations

import pytest

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.services.ports import SecretStore
from tests.adapters.secret_store_contract import SecretStoreContract


class TestMemorySecretStore(SecretStoreContract):
    @pytest.fixture
    def store(self) -> SecretStore:
        return MemorySecretStore()
