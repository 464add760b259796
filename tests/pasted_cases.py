"""Cases of pasted texts with their right answers, from `tests/cases`."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "cases"


def load_cases(name: str) -> dict[str, Any]:
    cases: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return cases


CONFIGS = load_cases("pasted_configs")
REPLIES = load_cases("pasted_replies")
TICKETS = load_cases("pasted_tickets")
APPIDS = load_cases("pasted_appids")

# pieces of which texts are put together that no parser expects
PIECES = [
    *"\"'`\\{}[](),;:=&/*\n\t <>%|#@$", "nonceStr", "timestamp", "signature", "url", "ticket", "wx.config(", "errcode",
    "errmsg", "realAuthUrl", "//", "/*", "*/", "<!--", "&quot;", "&amp;", "%22", "\\u12", "\\u{110000}", "https://a.cn",
    "appId", "图", "签名", "是", "\ud800", "“", "１", "0f9de62fce790f9a083d5c99e95740ceb90c27ed", "1414587457", "=> ",
    "<input id=", "</a>", "value=", "[[", "${", "string(16) ", "Optional(", "1e400", "9" * 30, "×tamp=", "gh_", "wx",
]  # fmt: skip
GARBAGE = [
    "a", '"', "'\"", "\\'", "`\\`", "/*", "//", "nonce=", "nonce=&", "url=&", "url=http://a&url=", "nonce ",
    "nonce" + " " * 1000, "\\", "signature:'", "wx.config(", "nonce:&amp;", "\\\"'`", "'a\\", "\"'`\\\\", "\"\\\n'",
    "nonce:\\u0041`", "wx    ", "{", "[", "<a ", "<a>", "<a b=c ", "timestamp,", "nonce\tsignature\ttimestamp\n",
    "ticket ", "errcode:", "realAuthUrl:", "https://a?url=https://a&", "时间戳是", '{"nonce":"', "<!--", "%25",
    "A" * 61 + " ", "\n  a:\n    ", "(nonce) values (", "noncestr=a", "1795411200 ", "new a(", "${", "<?",
]  # fmt: skip
