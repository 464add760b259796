"""Parsing of pasted `wx.config` values."""

import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.domain.paste.config import PastedConfig, read_config, trim_to_config
from tests.pasted_cases import GARBAGE, PIECES

S = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
APPID, NONCE, TIME = "wx0123456789abcdef", "Wm3WZYTPz0wzccnW", "1414587457"
WHOLE = PastedConfig(APPID, NONCE, TIME, S)
FIELDS = {"appId": APPID, "timestamp": 1414587457, "nonceStr": NONCE, "signature": S}
JSON = json.dumps(FIELDS)

BLOCKS = {
    "single quotes": f"wx.config({{debug: true, appId: '{APPID}', timestamp: {TIME}, nonceStr: '{NONCE}', signature: '{S}', jsApiList: []}});",
    "minified": f"wx.config({{signature:'{S}',nonceStr:'{NONCE}',timestamp:{TIME},appId:'{APPID}',jsApiList:[]}})",
    "double quotes and a comma too much": f'wx.config({{\n  "appId": "{APPID}",\n  "timestamp": "{TIME}",\n  "nonceStr": "{NONCE}",\n  "signature": "{S}",\n  "jsApiList": [],\n}})',
    "backticks": f"wx.config({{appId: `{APPID}`, timestamp: `{TIME}`, nonceStr: `{NONCE}`, signature: `{S}`, jsApiList: []}})",
    "comments": f"wx . config({{ // appId: 'wxold'\n appId: '{APPID}', /* timestamp: 1 */ timestamp: {TIME},\n nonceStr: '{NONCE}', // signature: 'old'\n signature: '{S}', jsApiList: [] }})",
    "other things before it": f"var nonce = 'other', url = 'https://a.cn/x?y'; wx.config({{appId: '{APPID}', timestamp: {TIME}, nonceStr: '{NONCE}', signature: '{S}', jsApiList: []}})",
    "the console": f"▸ Object {{appId: \"{APPID}\", nonceStr: '{NONCE}', timestamp: {TIME}, signature: '{S}', …}}",
    "the console, unfolded": f'▾ Object\n  appId: "{APPID}"\n  nonceStr: "{NONCE}"\n  signature: "{S}"\n  timestamp: {TIME}\n ▸ [[Prototype]]: Object',
    "JSON": JSON,
    "JSON in lines": json.dumps(FIELDS, indent=2),
    "JSON in a string": json.dumps(JSON),
    "JSON in a string of a string": json.dumps(json.dumps(JSON)),
    "JSON without its outer quotes": json.dumps(JSON)[1:-1],
    "JSON in an attribute": f'<div data-x="{JSON.replace(chr(34), "&quot;")}">',
    "lines": f"appid: {APPID}\nnoncestr: {NONCE}\ntimestamp: {TIME}\nsignature: {S}",
    "lines with Chinese colons": f"appId：{APPID}\nnonceStr：{NONCE}\ntimestamp：{TIME}\nsignature：{S}",
    "a table": f"appId\t{APPID}\nnonceStr\t{NONCE}\ntimestamp\t{TIME}\nsignature\t{S}",
    "a query": f"appId={APPID}&nonceStr={NONCE}&timestamp={TIME}&signature={S}",
    "upper case": f"APPID: '{APPID}', NONCESTR: '{NONCE}', TIMESTAMP: {TIME}, SIGNATURE: '{S}'",
    "PHP": f"array('appId' => '{APPID}', 'nonceStr' => '{NONCE}', 'timestamp' => {TIME}, 'signature' => '{S}')",
    "an apostrophe before it": f"It's appId: '{APPID}', nonceStr: '{NONCE}', timestamp: {TIME}, signature: '{S}'",
    "variables first, values later": f"wx.config({{appId: appId, timestamp: data.timestamp, nonceStr: '{NONCE}', signature: data.signature}})\n appId: {APPID} timestamp: {TIME}, nonceStr: '{NONCE}', signature: {S}",
}  # fmt: skip


@pytest.mark.parametrize("form", [form for form in BLOCKS if not form.startswith("variables")])
def test_every_form_of_a_config_block_is_parsed(form: str) -> None:
    assert read_config(BLOCKS[form]) == WHOLE
    assert WHOLE.problem is None


def test_a_literal_value_is_preferred_to_the_name_of_a_variable() -> None:
    read = read_config(BLOCKS["variables first, values later"])
    assert (read.timestamp, read.signature) == (TIME, S)


def test_url_and_ticket_beside_the_config_are_parsed_too() -> None:
    query = f"jsapi_ticket=sM4-x_y&noncestr={NONCE}&timestamp={TIME}&url=http://a.cn?x=1&y=2&signature={S}"
    lines = f"url: https://a.cn/p;v=1?x=1,2&y=2\nnonceStr: {NONCE}\ntimestamp: {TIME}\nsignature: {S}"
    escaped = '{"url":"https:\\/\\/a.cn\\/\\u56fe","ticket":"t","nonceStr":"n"}'

    read = read_config(query)
    assert (read.url, read.ticket, read.problem) == ("http://a.cn?x=1&y=2", "sM4-x_y", None)
    assert read_config(lines).url == "https://a.cn/p;v=1?x=1,2&y=2"
    assert (read_config(escaped).url, read_config(escaped).ticket) == ("https://a.cn/图", "t")
    assert read_config(f"url: '/api/sign', nonce: '{NONCE}'").url == "", "a call of their own, not a page"


def test_quotes_and_escapes_inside_a_value_are_decoded() -> None:
    read = read_config(f"nonceStr: 'a\\'b\"c\\x41\\u0042\\\\', timestamp: {TIME}, signature: \"{S}\"")
    assert read.nonce == "a'b\"cAB\\"
    assert read_config('nonce: "\\ud83d\\ude00"').nonce == "😀"
    assert read_config('nonce: "\\ud83d"').nonce == "\ufffd"


def test_a_timestamp_is_not_converted() -> None:
    assert read_config(f"timestamp: '{TIME}.5', nonceStr: 'n', signature: '{S}'").timestamp == f"{TIME}.5"
    assert read_config("timestamp: 1414587457.5").timestamp == "1414587457.5"
    assert read_config("timestamp: 1414587457000").timestamp == "1414587457000"
    assert PastedConfig("", "n", "١٤", S).problem == "not-a-timestamp"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f" {S}\n", PastedConfig(signature=S)),
        (TIME, PastedConfig(timestamp=TIME)),
        (TIME + "123", PastedConfig(timestamp=TIME + "123")),
        (APPID, PastedConfig(appid=APPID)),
        ("https://a.cn/p?nonce=1&timestamp=2", PastedConfig(url="https://a.cn/p?nonce=1&timestamp=2")),
    ],
)
def test_a_single_value_is_recognised_by_its_form(text: str, read: PastedConfig) -> None:
    assert read_config(text) == read


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "config-none"),
        ("hello", "config-none"),
        ("{}", "config-none"),
        ("wx.config({})", "config-none"),
        ("wx.config({appId: 'wx1'})", "config-none"),
        ("wx.config({appId: d.appId, timestamp: d.timestamp, nonceStr: d.n, signature: d.s})", "config-variables"),
        ("wx.config({ appId, timestamp, nonceStr, signature, jsApiList: [] })", "config-variables"),
        ("const { timestamp, signature } = res.data", "config-none"),
        (f"wx.config({{appId: '{APPID}', timestamp: null, nonceStr: undefined, signature: null}})", "no-signature"),
        (f"wx.config({{timestamp: 'abcdef123456', nonceStr: 'n', signature: '{S}'}})", "not-a-timestamp"),
        (f"wx.config({{timestamp: {TIME}, nonceStr: 'n', signature: 'e{S[2:]}'}})", "bad-signature"),
        ("wx.config({timestamp: 1, nonceStr: '<?= $n ?>', signature: <?=$signature?>})", "template-config"),
        (f"wx.config({{timestamp: {TIME}, nonceStr: '{{{{ nonceStr }}}}', signature: '{S}'}})", "template-nonce"),
        (f"wx.config({{timestamp: {TIME}, nonceStr: 'n1', signature: '{{$signPackage.signature}}'}})", "template-signature"),
        (f"wx.config({{timestamp: {{$sign.time}}, nonceStr: 'n1', signature: '{S}'}})", "template-timestamp"),
        (f"wx.chooseWXPay({{timestamp: {TIME}, nonceStr: '{NONCE}', signType: 'SHA1', paySign: '{S}'}})", "payment-signature"),
        (f'{{"timeStamp": "{TIME}", "nonceStr": "{NONCE}", "paySign": "oR9d8Pu=="}}', "payment-signature"),
        (f"https://a.cn/wx?signature={S}&timestamp={TIME}&nonce=17{TIME}&echostr=58", "message-signature"),
        (f"https://a.cn/wx?signature={S}&timestamp={TIME}&nonce=17{TIME}", None),
        (f"timestamp: now, nonceStr: 'n', signature: '{S}'", "config-variables"),
        (f"nonceStr: 'n', timestamp: {TIME}", "no-signature"),
        (f"nonceStr: 'n', timestamp: {TIME}, signature: ''", "no-signature"),
        (f"nonceStr: 'n', timestamp: {TIME}, signature: '{S[:-1]}'", "bad-signature"),
        (f"timestamp: {TIME}, signature: '{S}'", "no-nonce"),
        (f"nonceStr: 'n', signature: '{S}'", "no-timestamp"),
        (f"nonceStr: 'n', signature: '{S}', timestamp: -1", "not-a-timestamp"),
    ],
)  # fmt: skip
def test_the_problem_names_the_missing_field(text: str, problem: str) -> None:
    assert read_config(text).problem == problem


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_any_text_can_be_parsed(text: str) -> None:
    read = read_config(text)
    assert read.problem is None or "-" in read.problem


@settings(max_examples=100, deadline=None)
@example("%A$00000000", '"', ["appId", "timestamp", "nonceStr", "signature"])
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=32),
    st.sampled_from("\"'`"),
    st.permutations(["appId", "timestamp", "nonceStr", "signature"]),
)
def test_any_nonce_is_found_in_any_quotes_and_order(nonce: str, quote: str, order: list[str]) -> None:
    values = {**FIELDS, "nonceStr": nonce}
    quoted = {
        name: quote + str(value).replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
        for name, value in values.items()
    }
    text = "wx.config({" + ", ".join(f"{name}: {quoted[name]}" for name in order) + "})"

    assert replace(read_config(text), call_mistakes=()) == PastedConfig(APPID, nonce, TIME, S)


@pytest.mark.parametrize("piece", GARBAGE)
@pytest.mark.parametrize("begin", ["nonce", "'nonce", "nonce: "])
def test_a_megabyte_of_garbage_takes_less_than_a_second(piece: str, begin: str) -> None:
    text = begin + piece * (2**20 // len(piece))
    started = time.process_time()

    read_config(text)

    assert time.process_time() - started < 1.0


def test_the_ticket_is_not_in_a_repr() -> None:
    assert "secret-ticket" not in repr(read_config("jsapi_ticket: 'secret-ticket'"))


WRAPPED = f'"appId":"{APPID}","nonceStr":"{NONCE}","signature":"{S}"'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"timestamp":1795411200123,"data":{{{WRAPPED}}}}}',
        f'{{"data":{{{WRAPPED}}},"time":1795411200,"server_timestamp":1795411200}}',
        f"{{Code:0 Timestamp:1795411200123 Data:{{AppID:{APPID} NonceStr:{NONCE} Signature:{S}}}}}",
        f"<r><timestamp>1795411200123</timestamp><data><nonceStr>{NONCE}</nonceStr><signature>{S}</signature></data></r>",
    ],
)
def test_the_time_of_a_wrapper_does_not_complete_the_config_inside(text: str) -> None:
    read = read_config(text)
    assert (read.timestamp, read.problem) == ("", "no-timestamp")


def test_the_values_of_a_payment_beside_it_are_not_taken() -> None:
    pay = "wx.chooseWXPay({timestamp: 1795411300, nonceStr: 'PAYnonce12345678', paySign: 'C380BEC2BFD727A4B6845133519F3AD6'})"
    read = read_config(
        f"{pay};wx.config({{appId: '{APPID}', timestamp: t, nonceStr: '{NONCE}', signature: '{S}'}});{pay}"
    )
    assert (read.nonce, read.timestamp, read.problem) == (NONCE, "t", "config-variables")


def test_a_value_is_not_repaired() -> None:
    read = read_config(f"wx.config({{timestamp: 1414587457000, nonceStr: ' {NONCE} ', signature: '{S.upper()}'}})")
    assert (read.timestamp, read.nonce, read.signature) == ("1414587457000", f" {NONCE} ", S.upper())


def test_the_address_that_wechat_checked_is_read() -> None:
    escaped = (
        '{"realAuthUrl":"[https:\\/\\/a.cn\\/x?y=1, https:\\/\\/a.cn\\/x?y=1]","errMsg":"config:invalid signature"}'
    )
    assert read_config(escaped).real_auth_url == "https://a.cn/x?y=1"
    assert read_config("realAuthUrl: https%3A%2F%2Fa.cn%2F%3Fq%3D1").real_auth_url == "https://a.cn/?q=1"


def test_the_signed_string_is_read_as_a_whole_and_kept_out_of_a_repr() -> None:
    string = f"jsapi_ticket=sM4-x_y&noncestr={NONCE}&timestamp={TIME}&url=https://a.cn/?a=1&timestamp=2"
    read = read_config(f"rawString: '{string}', signature: '{S}'")
    assert (read.signed_string, read.url) == (string, "https://a.cn/?a=1&timestamp=2")
    assert "sM4-x_y" not in repr(read)
    assert read_config(string.replace("&times", "×")).timestamp == TIME


def test_a_long_text_is_cut_to_the_part_with_the_signature() -> None:
    text = "wx.config({}) " + "x" * 5000 + f"signature: {S} " + "y" * 5000
    assert trim_to_config(text, 20_000) == text
    assert S in trim_to_config(text, 1000)
    assert len(trim_to_config(text, 1000)) == 1000
    assert trim_to_config("x" * 5000 + "wx.config(" + "y" * 5000, 100).startswith("wx.config(")
