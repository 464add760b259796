"""What the user has typed becomes a request below WeChat's API base, or is refused; nothing else is ever sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.api.request import (
    BODY_MAX,
    ApiProblem,
    ApiRequest,
    Method,
    RefusedInput,
    TypedPath,
    Upload,
    check_request,
    parse_query_lines,
    split_path,
)

LONG_TOKEN = "91_" + "a1B2c3" * 20


def problem(result: object) -> ApiProblem | None:
    return result.problem if isinstance(result, RefusedInput) else None


@pytest.mark.parametrize(
    "typed",
    [
        "cgi-bin/menu/get",
        "/cgi-bin/menu/get",
        "  /cgi-bin/menu/get  ",
        "https://api.weixin.qq.com/cgi-bin/menu/get",
        "https://api.weixin.qq.com/cgi-bin/menu/get?access_token=ACCESS_TOKEN",
        "GET https://api.weixin.qq.com/cgi-bin/menu/get?access_token=",
        "/cgi-bin/menu/get?access_token={{access_token}}",
        "/cgi-bin/menu/get?access_token=$TOKEN",
    ],
)
def test_every_usual_way_to_write_a_path_gives_the_same_request(typed: str) -> None:
    assert check_request("get", typed) == ApiRequest(Method.GET, "/cgi-bin/menu/get")


def test_an_address_of_the_accounts_own_api_base_is_taken() -> None:
    base = "http://127.0.0.1:8080"
    assert check_request("GET", f"{base}/cgi-bin/menu/get", api_base=base) == ApiRequest(
        Method.GET, "/cgi-bin/menu/get"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "//evil.example/cgi-bin/menu/get",
        "///evil.example/cgi-bin/menu/get",
        "https://evil.example/cgi-bin/menu/get",
        "http://api.weixin.qq.com/cgi-bin/menu/get",
        "HTTPS://API.WEIXIN.QQ.COM/cgi-bin/menu/get",
        "https://api.weixin.qq.com.evil.example/cgi-bin/menu/get",
        "https://api.weixin.qq.com@evil.example/cgi-bin/menu/get",
        "https://api.weixin.qq.com//evil.example/x",
        "https://api.weixin.qq.com:8443/cgi-bin/menu/get",
        "\\\\evil.example\\x",
        "ftp://evil.example/x",
        "GET //evil.example/x",
    ],
)
def test_another_host_is_refused_however_it_is_written(typed: str) -> None:
    assert problem(check_request("GET", typed)) is ApiProblem.FOREIGN_ADDRESS


@pytest.mark.parametrize(
    "typed",
    [
        "cgi-bin/../secret",
        "cgi-bin/./menu",
        "..",
        "cgi-bin/%2e%2e/menu",
        "cgi-bin/%2Fevil.example",
        "@evil.example/cgi-bin",
        "user@evil.example",
        "evil.example:443/x",
        "cgi-bin/menu\r\nHost: evil.example",
        "cgi-bin/menu\nX: y",
        "cgi-bin/me\0nu",
        "cgi-bin/menu get",
        "cgi-bin\\menu",
        "cgi-bin//menu",
        "cgi-bin/menu/",
        "cgi-bin/菜单",
        "cgi-bin/menu#x",
        "cgi-bin/menu;x=1",
        f"cgi-bin/{LONG_TOKEN}",
        "a/" * 120 + "a",
        "cgi-bin/x\ud800",
    ],
)
def test_what_is_no_plain_path_is_refused(typed: str) -> None:
    assert problem(check_request("GET", typed)) is ApiProblem.INVALID_PATH


@pytest.mark.parametrize("typed", ["", "  ", "/", "//", "https://api.weixin.qq.com/"])
def test_without_a_path_there_is_nothing_to_call(typed: str) -> None:
    assert problem(check_request("GET", typed)) is ApiProblem.EMPTY_PATH


@pytest.mark.parametrize(
    "typed",
    [
        f"cgi-bin/x?access_token={LONG_TOKEN}",
        "cgi-bin/x?a=1&access_token=91_abc",
        "cgi-bin/x?ACCESS_TOKEN=91_abc",
        "cgi-bin/x?%61ccess_token=91_abc",
        "cgi-bin/x?+access_token+=91_abc",
    ],
)
def test_a_token_in_the_query_is_refused_in_every_spelling(typed: str) -> None:
    assert problem(check_request("GET", typed)) is ApiProblem.TOKEN_IN_QUERY


def test_a_token_among_the_parameters_is_refused_too() -> None:
    refused = check_request("GET", "cgi-bin/x", (("access_token", LONG_TOKEN),))
    assert problem(refused) is ApiProblem.TOKEN_IN_QUERY
    assert LONG_TOKEN not in repr(refused)


@pytest.mark.parametrize("path", ["cgi-bin/token", "/cgi-bin/stable_token?x=1", "CGI-BIN/Token"])
def test_calls_that_make_a_token_are_left_to_the_refresh(path: str) -> None:
    assert problem(check_request("POST", path)) is ApiProblem.TOKEN_CALL


@pytest.mark.parametrize("method", ["PUT", "DELETE", "", "get ", "GET\r\nX"])
def test_only_get_and_post_are_methods(method: str) -> None:
    assert problem(check_request(method, "cgi-bin/x")) is ApiProblem.UNKNOWN_METHOD


def test_a_pasted_line_with_another_method_is_refused() -> None:
    assert problem(check_request("GET", "POST cgi-bin/x")) is ApiProblem.UNKNOWN_METHOD


def test_the_query_behind_the_path_and_the_given_one_are_joined() -> None:
    request = check_request("GET", "cgi-bin/x?type=image&b=%E5%80%BC", (("c", "a b&c"),))
    assert isinstance(request, ApiRequest)
    assert request.query == (("type", "image"), ("b", "值"), ("c", "a b&c"))


@pytest.mark.parametrize(
    "query",
    [(("a", "x\r\ny"),), (("a\n", "x"),), (("", "x"),), (("a", "x\0"),), (("a", "y" * 5000),), (("a", "1"),) * 60],
)
def test_parameters_with_control_characters_or_without_limits_are_refused(query: tuple[tuple[str, str], ...]) -> None:
    assert problem(check_request("GET", "cgi-bin/x", query)) is ApiProblem.INVALID_QUERY


@pytest.mark.parametrize("typed", ["cgi-bin/x?a=%0d%0aHost:x", "cgi-bin/x?a=%00", "cgi-bin/x?a=%ff"])
def test_percent_encoded_control_characters_are_refused(typed: str) -> None:
    assert problem(check_request("GET", typed)) is ApiProblem.INVALID_QUERY


def test_a_body_is_sent_as_it_was_typed() -> None:
    text = '{ "name": "花店", "n": 1.50 }'
    request = check_request("POST", "cgi-bin/x", body=f"\n{text}\n")
    assert isinstance(request, ApiRequest)
    assert request.body == text.encode()


def test_a_post_may_have_no_body() -> None:
    request = check_request("POST", "cgi-bin/x", body=" ")
    assert isinstance(request, ApiRequest)
    assert request.body == b""


@pytest.mark.parametrize(
    ("body", "place"),
    [('{"a": 1,}', "1:9"), ('{\n"a" 1}', "2:5"), ("[1, NaN]", ""), ("3", "1:1"), ('"x"', "1:1"), ("[" * 100_000, "")],
)
def test_a_body_that_is_no_json_is_refused_with_its_place(body: str, place: str) -> None:
    refused = check_request("POST", "cgi-bin/x", body=body)
    assert refused == RefusedInput(ApiProblem.BODY_NOT_JSON, place) or problem(refused) is ApiProblem.BODY_NOT_JSON


def test_a_get_has_no_body_and_no_file() -> None:
    assert problem(check_request("GET", "cgi-bin/x", body="{}")) is ApiProblem.BODY_WITH_GET
    refused = check_request("GET", "cgi-bin/x", upload=Upload("media", "a.png"))
    assert problem(refused) is ApiProblem.UPLOAD_WITH_GET


def test_a_body_that_is_too_large_is_refused() -> None:
    assert problem(check_request("POST", "cgi-bin/x", body=f'["{"a" * BODY_MAX}"]')) is ApiProblem.BODY_TOO_LARGE


def test_a_body_beside_a_file_becomes_its_description() -> None:
    request = check_request("POST", "cgi-bin/x", body='{"title":"t"}', upload=Upload("media", "a.mp4", b"x"))
    assert isinstance(request, ApiRequest)
    assert request.body is None
    assert request.upload == Upload("media", "a.mp4", b"x", '{"title":"t"}')


def test_a_pasted_line_has_a_method() -> None:
    assert split_path("post https://api.weixin.qq.com/wxa/x?a=1") == TypedPath("/wxa/x", (("a", "1"),), Method.POST)


def test_parameters_stand_in_lines() -> None:
    assert parse_query_lines("a=1\n\n b = x=y \n") == (("a", "1"), ("b", "x=y"))
    assert parse_query_lines("a=1\nb") == RefusedInput(ApiProblem.INVALID_QUERY, "2")


def test_no_value_is_in_the_repr_of_a_request() -> None:
    request = check_request("POST", "cgi-bin/x", (("openid", "oSECRET"),), '{"a":"oSECRET"}')
    assert "oSECRET" not in repr(request)


@given(st.text(), st.text())
def test_whatever_is_typed_stays_below_the_api_base(path: str, value: str) -> None:
    request = check_request("GET", path, (("a", value),))
    if isinstance(request, ApiRequest):
        assert request.path.startswith("/")
        assert request.path.isascii()
        assert not set(request.path) & set("\\@:#?%;\r\n ")
        assert "//" not in request.path
        assert "/." not in request.path
        assert all(text.isprintable() for pair in request.query for text in pair)
