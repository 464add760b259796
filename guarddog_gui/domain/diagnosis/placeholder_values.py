"""Values that programs sign in place of the actual ones: words for a missing value, and samples of documentation."""

# what languages print for a missing value, and what sample code has in the place of a value
MISSING_VALUE_WORDS = (
    *("", "undefined", "null", "None", "nil", "NULL", "NaN", "Null", "false", "False", "true", "True", "0", "1", "-1"),
    *("[object Object]", "[object Promise]", "[object Undefined]", "Promise { <pending> }", "Array", "Object"),
    *("{}", "[]", "()", "<null>", "(null)", "<nil>", "%!s(<nil>)", "Optional(nil)", "string", "test", "xxx", "XXX"),
)
TICKET_WORDS = (
    *("ticket", "TICKET", "Ticket", "jsapi_ticket", "JSAPI_TICKET", "jsapiTicket", "jsapi-ticket", "jsapiticket"),
    *("$ticket", "$jsapi_ticket", "$jsapiTicket", "${ticket}", "${jsapi_ticket}", "${jsapiTicket}", "{{ticket}}"),
    *("{ticket}", "{jsapi_ticket}", "{0}", "%s", "your_ticket", "your_jsapi_ticket", "YOUR_TICKET", "jsticket"),
    *(
        "getTicket()",
        "get_ticket()",
        "getJsapiTicket()",
        "access_token",
        "ACCESS_TOKEN",
        "accessToken",
        "token",
        "jsapi",
        "errcode",
        "ok",
        "invalid credential",
    ),
    # tickets of WeChat's pages on the JS-SDK and on getticket, and of the page on cards
    "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
    "bxLdikRXVbTPdHSM05e5u5sUoXNKd8-41ZO3MhKoyN5OfkWITDGgnr2fWJ0m9E8NYzWKVZvdVtaUgWvsdshFKA",
    "ojZ8YtyVyr30HheH3CM73y7h4jJE",
)
NONCE_WORDS = (
    *("nonceStr", "noncestr", "nonce_str", "NONCESTR", "nonce", "$nonceStr", "${nonceStr}", "{{nonceStr}}"),
    "Wm3WZYTPz0wzccnW",  # of WeChat's page on the JS-SDK
)
TIMESTAMP_WORDS = (
    *("timestamp", "TIMESTAMP", "timeStamp", "$timestamp", "${timestamp}", "{{timestamp}}", "Invalid Date"),
    *("1414587457", "1970-01-01 00:00:00"),  # the first of WeChat's page on the JS-SDK
)
URL_WORDS = (
    *("url", "URL", "$url", "${url}", "{{url}}", "location.href", "window.location.href", "about:blank", "window.url"),
    *("location.href.split('#')[0]", "window.location.href.split('#')[0]", "location", "self", "http://", "https://"),
    *(
        "http://mp.weixin.qq.com?params=value",
        "http://mp.weixin.qq.com",
        "http://localhost/",
        "encodeURIComponent(url)",
    ),
)
# AppIDs and merchant numbers of documentation
SAMPLE_APPIDS = (
    *("wx0123456789abcdef", "wx1234567890abcdef", "wx1234567890123456", "wx8888888888888888", "wxd930ea5d5a258f4f"),
    *("wx2421b1c4370ec43b", "wxd678efh567hg6787", "wx0000000000000000", "wxabcdefabcdefabcd", "", "undefined", "null"),
    *("APPID", "appid", "appId", "None", "wxappid", "your_appid"),
)
SAMPLE_MERCHANTS = ("1900000109", "1230000109", "10000100", "1900009191", "1900000001", "1234567890", "", "undefined")

_DOCUMENT_NAMES = ("index", "default", "Index", "Default", "main", "home", "INDEX", "Home", "welcome", "login")
_EXTENSIONS = ("html", "htm", "php", "jsp", "aspx", "asp", "do", "action", "shtml", "cshtml", "jspx", "xhtml")
DEFAULT_DOCUMENTS = (
    *(f"{name}.{extension}" for name in _DOCUMENT_NAMES for extension in _EXTENSIONS),
    *("index", "Index", "home", "Home", "index.cgi", "index.py", "index.cfm", "index.jhtml", "index.vm", "index.wxml"),
)
# of single-page apps, whose router has changed the address since
ENTRY_PAGES = ("home", "index", "index.html", "Home", "main", "login", "welcome", "start", "app")

# first parts of a path that servers behind a proxy often have, or that a rewriting rule of the server adds
CONTEXT_PATHS = (
    *("app", "api", "web", "wechat", "weixin", "wx", "m", "h5", "mobile", "wap", "index.php", "mall", "shop", "public"),
    *("front", "frontend", "portal", "server", "service", "site", "www", "html", "static", "dist", "view", "views"),
    *("page", "pages", "home", "admin", "user", "client", "webapp", "webapps", "demo", "test", "dev", "prod", "uat"),
    *("v1", "v2", "v3", "mp", "gzh", "share", "activity", "act", "active", "html5", "app.php", "app_dev.php", "ROOT"),
    *("backend", "back", "gateway", "proxy", "root", "main", "project", "system", "sys", "platform", "cms", "store"),
    *("vue", "react", "spa", "webroot", "wwwroot", "htdocs", "src", "build", "rest", "open", "oauth", "pay", "order"),
    *("weixin/h5", "wechat/h5", "api/v1", "api/wechat", "api/wx", "mobile/h5", "public/index.php", "jsp", "WEB-INF"),
    *("index", "jssdk", "wxapp", "wxmp", "wechat-web", "wx-web", "mobile-web", "h5-web", "backend-api", "prod-api"),
    *("stage-api", "dev-api", "test-api", "app-api", "admin-api", "example", "sample", "hello", "blog", "bbs", "game"),
)

PROXY_PORTS = (
    *(8080, 443, 80, 8443, 8000, 3000, 8081, 8888, 5000, 9000, 7001, 8001, 8082, 8088, 9090, 8090, 8008, 8888, 9443),
    *(4000, 5173, 8083, 8084, 8085, 8086, 8089, 8181, 8880, 9001, 9080, 9999, 10000, 7000, 7002, 5001, 4200, 3001),
    *(81, 82, 88, 8009, 8010, 6000, 6001, 9002, 9527, 18080, 28080, 30080, 20000, 12345, 1234, 444, 4430, 4443, 7443),
)
INTERNAL_HOSTS = (
    *("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "web", "app", "backend", "nginx", "server", "api", "php", "node"),  # noqa: S104 - a name that is signed
    *("host.docker.internal", "192.168.0.1", "192.168.1.1", "10.0.0.1", "172.17.0.1", "www", "upstream", "tomcat"),
)

# parameters that WeChat, OAuth and campaigns add, as far as their values can be known
_SHARE_FROM = (
    "singlemessage",
    "groupmessage",
    "timeline",
    "app",
    "wechat",
    "favorites",
    "weixin",
    "qq",
    "mp",
    "singlemessage_1",
)
ADDED_PARAMETERS = (
    *(f"from={value}" for value in _SHARE_FROM[:3]),
    *(f"from={value}&isappinstalled=0" for value in _SHARE_FROM[:3]),
    *("isappinstalled=0", "isappinstalled=1"),
    *(f"from={value}" for value in _SHARE_FROM[3:]),
    *(f"from={value}&isappinstalled=1" for value in _SHARE_FROM),
    *(f"from={value}&isappinstalled=0" for value in _SHARE_FROM[3:]),
    *(f"isappinstalled=0&from={value}" for value in _SHARE_FROM[:3]),
    *("state=STATE", "state=123", "state=1", "state=", "state=state", "state=wechat", "state=0", "state=test"),
    *(f"scene={number}" for number in (1, 0, 2, 126, 90, 38, 142, 21, 169, 189, 288, 4, 3, 5, 7, 8, 10, 23, 27, 45)),
    *(f"scene={scene}&subscene={subscene}" for scene in (1, 0, 2, 126, 90) for subscene in (10000, 0, 1, 2, 90)),
    *("subscene=10000", "subscene=0", "ascene=1", "ascene=0", "ascene=78", "ascene=7"),
    *(f"wx_header={number}" for number in (1, 3, 0, 2)),
    *(f"_wv={number}" for number in (1031, 1, 3, 1027, 1025, 2, 5, 7, 1033, 16777223)),
    *("nwr_flag=1", "nwr_flag=1#wechat_redirect", "nwr_flag=0", "weixin=1", "weixin=0", "weixin=true", "wechat=1"),
    *("lang=zh_CN", "lang=en", "lang=zh_TW", "lang=zh_HK", "countrycode=CN", "countrycode=HK", "devicetype=android"),
    *("devicetype=ios", "devicetype=iOS", "version=8.0", "srcid=", "exportkey=", "pass_ticket=", "nsukey=",
    "clicktime="),
    *("wxshare_count=1", "wxshare_count=2", "wxshare_count=3", "wxshare_count=0", "wxshare_count=4"),
    *("utm_source=wechat", "utm_source=weixin", "wxwork_userid=ZhangSan", "wxwork_userid=zhangsan", "wxwork_userid="),
    *("sharer_username=gh_0123", "sharer_username=", "sharer_shareid=", "code=", "code=&state=",
    "code=CODE&state=STATE"),
    *("clicktime=1700000000&enterid=1700000000", "scene=1&subscene=10000&sessionid=1700000000"),
    *("sessionid=1700000000", "enterid=1700000000", "clicktime=1700000000", "sessionid=0", "srcid=0"),
)  # fmt: skip
# the same with a time in them, which is close to that of the signature
TIMED_PARAMETERS = (
    "clicktime={0}&enterid={0}",
    "scene=1&clicktime={0}&enterid={0}",
    "scene=1&subscene=10000&clicktime={0}&enterid={0}",
    "sessionid={0}",
    "scene=1&subscene=10000&sessionid={0}",
    *(f"from={value}&scene=1&subscene=10000&clicktime={{0}}&enterid={{0}}" for value in _SHARE_FROM[:3]),
    *(
        f"from={value}&scene=1&subscene=10000&clicktime={{0}}&enterid={{0}}&isappinstalled=0"
        for value in _SHARE_FROM[:3]
    ),
    *(f"scene=1&clicktime={{0}}&enterid={{0}}&from={value}&isappinstalled=0" for value in _SHARE_FROM[:3]),
    "clicktime={0}",
    "enterid={0}",
    "t={0}",
    "_t={0}",
    "timestamp={0}",
    "v={0}",
)
