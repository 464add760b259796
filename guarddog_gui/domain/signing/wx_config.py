"""What a page gives to `wx.config`: as JavaScript, as JSON, and as a whole page to try it with."""

import json
from dataclasses import dataclass
from html import escape
from string import Template

SDK_URL = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"

# legal in JSON and JavaScript, and not what would end a <script> or begin a comment in it
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


@dataclass(frozen=True, slots=True)
class WxConfig:
    """The argument of `wx.config`; the lists are not part of the signature."""

    appid: str
    timestamp: int
    nonce: str
    signature: str
    js_apis: tuple[str, ...] = ()
    open_tags: tuple[str, ...] = ()
    debug: bool = False

    @property
    def arguments(self) -> dict[str, object]:
        """The argument under WeChat's own names; openTagList only where there are open tags."""
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
        """An object that a server can send to the page."""
        lines = ",\n".join(f'  "{name}": {_js_literal(value)}' for name, value in self.arguments.items())
        return f"{{\n{lines}\n}}"

    @property
    def as_javascript(self) -> str:
        """A statement that can stand anywhere in a script."""
        lines = ",\n".join(f"  {name}: {_js_literal(value)}" for name, value in self.arguments.items())
        return f"wx.config({{\n{lines}\n}});"

    def as_html(self, url: str) -> str:
        """A page that shows what came of it, beside the address that was signed."""
        return _PAGE_TEMPLATE.substitute(
            title=escape(self.appid), script=SDK_URL, url=_js_literal(url), config=self.as_javascript
        )


def _js_literal(value: object) -> str:
    """A JSON value that is JavaScript, too, in ASCII, and harmless inside of HTML."""
    return json.dumps(value).translate(_HTML_ESCAPES)
