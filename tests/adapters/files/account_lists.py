"""Accounts as they are written to files by hand and by other versions."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform
from guarddog_gui.domain.exports.targets import target_to_dict

SHOP = Account("wx00000000000000a1", "小店 Shop")
MINI = Account("wx00000000000000b2", "Mini", Platform.MINI_PROGRAM, Endpoint.CLASSIC, "/srv/dogs", 600)


def fill(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")


def keep(*accounts: Account) -> Callable[[tuple[Account, ...]], tuple[Account, ...]]:
    return lambda _: accounts


def fields_of(account: Account, **changes: object) -> dict[str, Any]:
    names = (
        "appid",
        "name",
        "platform",
        "endpoint",
        "dog_dir",
        "ahead",
        "card_ticket",
        "environment",
        "colour",
        "group",
        "api_base",
        "proxy",
        "sharing",
    )
    fields = {name: getattr(account, name) for name in names}
    lists = {"js_domains": list(account.js_domains), "outlets": list(map(target_to_dict, account.exports))}
    return fields | lists | changes
