import json

import pytest

from guarddog_gui.domain.releases import Release, is_newer, parse_release

PREFIX = "https://github.com/guarddog/guarddog-gui/releases/"
PAGE = f"{PREFIX}tag/v0.2.0"


def reply(**fields: object) -> str:
    return json.dumps({"tag_name": "v0.2.0", "html_url": PAGE, "draft": False, "prerelease": False, **fields})


def test_the_newest_release_has_a_version_and_a_page() -> None:
    assert parse_release(reply(), PREFIX) == Release("0.2.0", PAGE)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "[" * 100_000, '"v0.2.0"', '{"message": "Not Found"}', "<html>",
        reply(draft=True), reply(prerelease=True), reply(tag_name=None), reply(tag_name="latest"),
        reply(tag_name="v" + "9" * 5000), reply(html_url=7), reply(html_url="https://evil.example/v0.2.0"),
        reply(html_url=f"{PREFIX}tag/v0.2.0\n"),
    ],
)  # fmt: skip
def test_anything_else_is_no_release(text: str) -> None:
    assert parse_release(text, PREFIX) is None


@pytest.mark.parametrize(
    ("version", "current", "expected"),
    [
        ("0.2.0", "0.1.0", True), ("0.1.1", "0.1.0", True), ("0.10.0", "0.9.9", True), ("1.0", "0.9.9", True),
        ("0.1.0", "0.1.0", False), ("0.1", "0.1.0", False), ("0.1.0", "0.2.0", False), ("0.2.0", "unknown", False),
        ("0.1.0", "0.1.0.dev3", False),
    ],
)  # fmt: skip
def test_numbers_decide_which_one_is_newer(version: str, current: str, expected: bool) -> None:  # noqa: FBT001
    assert is_newer(Release(version, PAGE), current) is expected
