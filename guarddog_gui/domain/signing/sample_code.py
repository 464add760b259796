"""Sample code that signs a page like the `wx.config` beside it: for Node, for PHP, and for a shell with curl.

The samples get the ticket when they run; none contains one.
"""

import json
import shlex
from string import Template

from guarddog_gui.domain.signing.wx_config import WxConfig, js_literal


class _SampleTemplate(Template):
    delimiter = "@"  # the dollar sign belongs to PHP, to the shell, and to template literals of JavaScript


_NODE = _SampleTemplate("""\
// Signs the URL that the page sends: location.href.split("#")[0]
const { execFileSync } = require("node:child_process");
const { createHash, randomBytes } = require("node:crypto");

const appId = @appid;

function sign(url) {
  const ticket = execFileSync("guarddogctl", ["token", appId, "--key", "JSAPI_TICKET"], { encoding: "utf8" }).trim();
  const nonceStr = randomBytes(8).toString("hex");
  const timestamp = Math.floor(Date.now() / 1000);
  const string1 = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url.split("#")[0]}`;
  const signature = createHash("sha1").update(string1).digest("hex");
  return { debug: @debug, appId, timestamp, nonceStr, signature@lists };
}

console.log(JSON.stringify(sign(@url), null, 2));
""")
_PHP = _SampleTemplate("""\
<?php // Signs the URL that the page sends: location.href.split("#")[0]
$appId = @appid;

function sign(string $appId, string $url): array {
    $ticket = trim((string) shell_exec('guarddogctl token ' . escapeshellarg($appId) . ' --key JSAPI_TICKET'));
    $nonceStr = bin2hex(random_bytes(8));
    $timestamp = time();
    $url = explode('#', $url)[0];
    $signature = sha1("jsapi_ticket=$ticket&noncestr=$nonceStr&timestamp=$timestamp&url=$url");
    return ['debug' => @debug, 'appId' => $appId, 'timestamp' => $timestamp, 'nonceStr' => $nonceStr,
        'signature' => $signature@lists];
}

echo json_encode(sign($appId, @url)), "\\n";
""")
_CURL = _SampleTemplate("""\
# Signs the page with the ticket that WeChat gives now. While it is the same ticket, the result is
# @signature
appid=@appid
url=@url
nonce=@nonce
token=$(guarddogctl token "$appid")
api=${GUARDDOG_API_BASE:-https://api.weixin.qq.com}
ticket=$(curl -fsS --get "$api/cgi-bin/ticket/getticket" -d type=jsapi -d access_token="$token" | jq -r .ticket)
printf %s "jsapi_ticket=$ticket&noncestr=$nonce&timestamp=@timestamp&url=$url" | openssl dgst -sha1 -r
""")


def node_sample(config: WxConfig, url: str) -> str:
    """Return a program for Node that prints an argument of `wx.config` for this page."""
    lists = "".join(f", {name}: {json.dumps(names)}" for name, names in _lists(config))
    return _NODE.substitute(
        appid=js_literal(config.appid), debug=js_literal(config.debug), lists=lists, url=js_literal(url)
    )


def php_sample(config: WxConfig, url: str) -> str:
    """Return a program for PHP that prints an argument of `wx.config` for this page as JSON."""
    lists = "".join(f",\n        '{name}' => {json.dumps(names)}" for name, names in _lists(config))
    debug = "true" if config.debug else "false"
    return _PHP.substitute(appid=_php_literal(config.appid), debug=debug, lists=lists, url=_php_literal(url))


def curl_sample(config: WxConfig, url: str) -> str:
    """Return a shell script that fetches the ticket and prints the signature of this `wx.config`."""
    return _CURL.substitute(
        signature=config.signature,
        appid=shlex.quote(config.appid),
        url=shlex.quote(url),
        nonce=shlex.quote(config.nonce),
        timestamp=config.timestamp,
    )


def _lists(config: WxConfig) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lists = (("jsApiList", config.js_apis), ("openTagList", config.open_tags))
    return tuple((name, names) for name, names in lists if names or name == "jsApiList")


def _php_literal(text: str) -> str:
    """Return a PHP string in single quotes, in which only these two characters have a meaning."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
