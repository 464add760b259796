"""Bodies of replies: JSON in several encodings, the errcode under several names, whole numbers."""

import pytest

from guarddog_gui.domain.wechat.reply_body import NotJsonError, find_errcode, parse_body, parse_whole_number


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_body_is_read_in_the_encodings_of_gateways(encoding: str) -> None:
    assert parse_body('{"errmsg": "系统繁忙"}'.encode(encoding)) == {"errmsg": "系统繁忙"}


@pytest.mark.parametrize(
    ("body", "is_html"),
    [(b"<html>", True), (b"\n <!DOCTYPE html>", True), (b"", False), (b'{"a":', False), (b'{"a":1,"a":2}', False)],
)
def test_a_web_page_is_told_from_other_bodies(body: bytes, *, is_html: bool) -> None:
    with pytest.raises(NotJsonError) as raised:
        parse_body(body)
    assert raised.value.is_html is is_html


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, (0, "")),
        ({"errcode": 0, "errmsg": "ok"}, (0, "")),
        ({"errcode": 40013, "errmsg": "invalid appid"}, (40013, "invalid appid")),
        ({"ErrCode": "40013", "ErrMsg": "invalid appid"}, (40013, "invalid appid")),
        ({"err_code": 40013.0, "err_msg": "invalid appid"}, (40013, "invalid appid")),
        ({"base_resp": {"ret": 200003, "err_msg": "invalid session"}}, (200003, "invalid session")),
        ({"base_resp": {"ret": 0}}, (0, "")),
        ({"BaseResp": {"errcode": 1, "errmsg": ["x"]}}, (1, "")),
        ({"ret": 5}, (0, "")),
        ({"errcode": "x"}, (None, "")),
        ({"errcode": None}, (None, "")),
        ({"base_resp": {"ret": True}}, (None, "")),
    ],
)
def test_the_errcode_is_found_under_its_names(fields: dict[str, object], found: tuple[int | None, str]) -> None:
    assert find_errcode(fields) == found


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7200, 7200), (7200.0, 7200), ("7200", 7200), ("7200.0", 7200), ("-1", -1), (True, None), (7200.5, None),
        ("7200.5", None), ("", None), ("1" * 10, None), ("٧", None), (float("inf"), None), (float("nan"), None),
        (1e300, None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_whole_numbers_may_be_written_with_a_fraction_of_zero(value: object, number: int | None) -> None:
    assert parse_whole_number(value, digits_max=9) == number
