"""Every form in which a `wx.config` is pasted gives the same values."""

from typing import Any

import pytest

from guarddog_gui.domain.paste.config import READ_MAX, read_config
from tests.pasted_cases import CONFIGS

CORE = ("nonce", "timestamp", "signature")
OPTIONAL = {"appid": CONFIGS["appid"], "url": CONFIGS["page"], "ticket": CONFIGS["ticket"]}


@pytest.mark.parametrize("case", CONFIGS["cases"], ids=lambda case: case["form"])
def test_the_values_of_one_object_are_read(case: dict[str, Any]) -> None:
    read = read_config(case["text"])

    assert read.problem is None
    assert [getattr(read, name) for name in CORE] == [case.get(name, CONFIGS[name]) for name in CORE]
    for name, value in OPTIONAL.items():
        assert getattr(read, name) in ("", value), name
        if name in case:
            assert getattr(read, name) == value
    if CONFIGS["appid"] in case["text"]:
        assert read.appid == CONFIGS["appid"]
    if "real_auth_url" in case:
        assert read.real_auth_url == case["real_auth_url"]


@pytest.mark.parametrize("case", CONFIGS["cases"][:31:3], ids=lambda case: case["form"])
@pytest.mark.parametrize("around", ["a.b(c,d);", "日志\n", "x y\n"])
def test_a_config_inside_a_megabyte_of_other_text_is_found(case: dict[str, Any], around: str) -> None:
    more = around * (8 * READ_MAX // len(around))
    read = read_config(f"{more}\n{case['text']}\n{more}")

    assert [getattr(read, name) for name in CORE] == [CONFIGS[name] for name in CORE]
