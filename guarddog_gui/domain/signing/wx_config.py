"""Argument of `wx.config` in three forms: JavaScript, JSON, and a whole page to try it."""

import json
from string import Template

from msgspec import Struct

SDK_URL = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"

# valid in JSON and JavaScript; the plain characters could end a <script> or begin a comment in it
_HTML_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

_PAGE_TEMPLATE = Template("""\
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wx.config · $title</title>
<style>pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1rem; }</style>
<script src="$script"></script>
</head>
<body>
<pre id="said"></pre>
<script>
var signed = $url;
function say(line) {
  document.getElementById("said").textContent += line + "\\n";
}
say("signed:        " + signed);
say("location.href: " + location.href.split("#")[0]);
wx.ready(function () {
  say("config:ok");
});
wx.error(function (res) {
  say(res.errMsg);
});
$config
</script>
</body>
</html>
""")


class WxConfig(Struct, frozen=True):
    """Argument of `wx.config`; the signature does not cover the lists."""

    appid: str
    timestamp: int
    nonce: str
    signature: str
    js_apis: tuple[str, ...] = ()
    open_tags: tuple[str, ...] = ()
    debug: bool = False

    @property
    def arguments(self) -> dict[str, object]:
        """Return the argument under WeChat's names; openTagList only if there are open tags."""
        fields: dict[str, object] = {
            "debug": self.debug,
            "appId": self.appid,
            "timestamp": self.timestamp,
            "nonceStr": self.nonce,
            "signature": self.signature,
            "jsApiList": list(self.js_apis),
        }
        if self.open_tags:
            fields["openTagList"] = list(self.open_tags)
        return fields

    @property
    def as_json(self) -> str:
        lines = ",\n".join(f'  "{name}": {js_literal(value)}' for name, value in self.arguments.items())
        return f"{{\n{lines}\n}}"

    @property
    def as_javascript(self) -> str:
        lines = ",\n".join(f"  {name}: {js_literal(value)}" for name, value in self.arguments.items())
        return f"wx.config({{\n{lines}\n}});"

    def as_html(self, url: str) -> str:
        """Return a page that shows the result of wx.config and compares its address with the signed one."""
        from html import escape  # with all entities of HTML, which no other form needs

        return _PAGE_TEMPLATE.substitute(
            title=escape(self.appid), script=SDK_URL, url=js_literal(url), config=self.as_javascript
        )


def js_literal(value: object) -> str:
    """Return a value in ASCII that is valid in JSON and JavaScript, and safe inside HTML."""
    return json.dumps(value).translate(_HTML_ESCAPES)
