"""The parts of a container are made when they are used, and once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.errors import BadApiBase
from tests.fakes import FakeClock, FakeSecretStore


def container_of(home: Path, **environ: str) -> Container:
    environment = {"GUARDDOG_HOME": str(home), **environ}
    return Container(environment, FakeClock(), FakeSecretStore())


def test_a_part_is_made_when_it_is_first_read(home: Path) -> None:
    container = container_of(home)

    assert not container.has_made("accounts")
    accounts = container.accounts
    assert container.has_made("accounts")
    assert container.accounts is accounts
    assert not container.has_made("history")


def test_two_threads_get_the_same_part(home: Path) -> None:
    container, barrier = container_of(home), Barrier(2)

    def read() -> object:
        barrier.wait(10)
        return container.replaced_tickets

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.submit(read), threads.submit(read)

    assert first.result() is second.result()


def test_an_unusable_address_is_an_error_only_where_one_is_needed(home: Path) -> None:
    container = container_of(home, GUARDDOG_API_BASE="ftp://x")

    assert container.api_base == ""
    assert isinstance(container.api_base_error, BadApiBase)
    with pytest.raises(BadApiBase):
        container.make_worker_context()
    with pytest.raises(BadApiBase):
        make_container({"GUARDDOG_HOME": str(home), "GUARDDOG_API_BASE": "ftp://x"}, FakeClock())
