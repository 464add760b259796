"""Services that are made of a container when a window or a rare command needs them."""

import time
from pathlib import Path

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.window_services import make_page_checker
from guarddog_gui.domain.accounts.account import Account

BASE = "http://127.0.0.1:9"


def test_the_api_console_knows_the_host_of_each_account(tmp_path: Path) -> None:
    environ = {"GUARDDOG_HOME": str(tmp_path)}
    container = make_container(environ, time.time, secrets=MemorySecretStore())
    own = Account("wx1", "Shop", api_base="https://api2.weixin.qq.com")
    container.accounts.update(lambda _: (own, Account("wx2", "Cafe")))
    console = container.make_api_console()
    assert console.api_base_of("wx1") == "https://api2.weixin.qq.com"
    assert console.api_base_of("wx2") == console.api_base_of("unknown") == "https://api.weixin.qq.com"
    console.close()
    fixed = make_container(environ, time.time, secrets=MemorySecretStore(), api_base=BASE)
    assert fixed.make_api_console().api_base_of("wx1") == BASE  # the sandbox stands for all of WeChat


def test_a_page_checker_has_the_clock_of_the_program() -> None:
    assert make_page_checker(lambda: 7.0).clock() == 7.0
