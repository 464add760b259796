"""Help of argparse: headings end as the language does, whatever version of Python adds the colon."""

import argparse

import pytest

from guarddog_gui.adapters.argparse_messages import localized_argparse, make_help_formatter
from guarddog_gui.adapters.message_catalogs import load_message_catalog


@pytest.mark.parametrize(
    ("language", "usage", "headings"),
    [("en", "usage: x", ["positional arguments:", "options:"]), ("zh_CN", "用法：x", ["参数：", "选项："])],
)
def test_usage_and_headings_have_the_colon_of_the_language(language: str, usage: str, headings: list[str]) -> None:
    catalog = load_message_catalog(language)
    with localized_argparse(catalog):
        parser = argparse.ArgumentParser(prog="x", formatter_class=make_help_formatter(catalog.text))
        parser.add_argument("word", help="options:")
        help_text = parser.format_help()
    assert help_text.startswith(usage)
    lines = help_text.splitlines()
    assert [line for line in lines if line in headings] == headings
