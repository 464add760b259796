"""Texts for values and files that cannot be used: what is wrong, and what to do."""

from collections.abc import Mapping

from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.problems import FileErrorReason, InputProblem

_SECRET_ADVICE = N_(
    "It is 32 letters and digits. Copy it from WeChat Developer Platform > My business > the account > "
    "Basic info > Development key."
)

_PROBLEM_SUMMARIES: Mapping[InputProblem, str] = {
    InputProblem.ACCOUNT_EXISTS: N_("An account with this AppID is here already."),
    InputProblem.ACCOUNT_REMOVED: N_("This account has been removed meanwhile."),
    InputProblem.EMPTY_APPID: N_("The AppID is empty."),
    InputProblem.INVALID_APPID: N_("This cannot be an AppID."),
    InputProblem.ORIGINAL_ID: N_("This is the original ID of the account (gh_…), not its AppID."),
    InputProblem.CORP_ID: N_("This is the corp ID of a company in WeCom (ww…), not the AppID of an account."),
    InputProblem.INVALID_NAME: N_("This name cannot be used."),
    InputProblem.INVALID_GROUP: N_("This group cannot be used."),
    InputProblem.NAME_TAKEN: N_("Another account has this name already."),
    InputProblem.REFRESH_AHEAD_OUT_OF_RANGE: N_("This number of seconds ahead cannot be used."),
    InputProblem.REFRESH_AHEAD_TOO_LONG_FOR_STABLE: N_(
        "So early WeChat would give the same token again: stable_token makes a new one only in the last 300 seconds."
    ),
    InputProblem.DOG_DIR_TAKEN: N_("Another account has its .dog files in this folder."),
    InputProblem.INVALID_DOG_DIR: N_("This folder for .dog files cannot be used."),
    InputProblem.DOG_DIR_IS_ROOT: N_("The root folder cannot be the folder for .dog files."),
    InputProblem.INVALID_PASSPHRASE: N_("The passphrase on standard input is not UTF-8 text."),
    InputProblem.EMPTY_SECRET: N_("The AppSecret is empty."),
    InputProblem.INVALID_SECRET: N_("This cannot be an AppSecret."),
    InputProblem.SECRET_OF_OTHER_ACCOUNT: N_("This AppSecret belongs to another account."),
    InputProblem.JS_DOMAIN_HAS_SCHEME: N_("A JS-safe domain is written without http:// or https://."),
    InputProblem.JS_DOMAIN_HAS_PATH: N_("A JS-safe domain has no path."),
    InputProblem.JS_DOMAIN_HAS_PORT: N_("A JS-safe domain has no port."),
    InputProblem.INVALID_JS_DOMAIN: N_("This cannot be a JS-safe domain."),
    InputProblem.INVALID_PROXY: N_("This proxy cannot be used."),
    InputProblem.SOCKS4_PROXY: N_("This proxy speaks SOCKS 4, which Guard Dog does not."),
    InputProblem.PROXY_WITHOUT_PORT: N_("This proxy has no port."),
    InputProblem.PROXY_HAS_PASSWORD: N_("The password of a proxy does not belong into its address."),
    InputProblem.INVALID_PROXY_PASSWORD: N_("This password of a proxy cannot be used."),
    InputProblem.INVALID_API_HOST: N_("This API host of the account cannot be used."),
    InputProblem.EMPTY_DOMAIN: N_("There is no domain to check."),
    InputProblem.INVALID_VERIFY_FILE: N_("This is not the name of WeChat's file."),
    InputProblem.INVALID_EXPORT_PATH: N_("This place cannot be written to."),
    InputProblem.INVALID_COMMAND: N_("This command cannot be run."),
    InputProblem.EMPTY_COMMAND: N_("this command cannot be run: there is no word in it"),
    InputProblem.RELATIVE_COMMAND: N_("The program of this command is not named by its full path."),
    InputProblem.UNCLOSED_QUOTE: N_("A quote in this command does not close, or a backslash stands at its end."),
    InputProblem.DUPLICATE_EXPORT: N_("Two of the places to write to are the same."),
    InputProblem.EXPORT_OF_OTHER_ACCOUNT: N_("Another account is already written to the same file."),
    InputProblem.NOT_FOR_CMD: N_(
        "This value cannot be written as a cmd command: it holds a quotation mark or a line break."
    ),
    InputProblem.INVALID_REDIS_URL: N_("This cannot be the address of a Redis."),
    InputProblem.REDIS_URL_WITH_PASSWORD: N_("The address of Redis contains a password."),
    InputProblem.INVALID_CA_FILE: N_("This cannot be the path of a certificate file."),
    InputProblem.KEY_NAME_MISSING: N_("This format has no usual key: its name is needed."),
    InputProblem.INVALID_KEY_NAME: N_("This cannot be the name of a key in Redis."),
    InputProblem.KEY_NAME_TAKEN: N_("Names that begin with guarddog: are Guard Dog's own."),
    InputProblem.KEY_OUTSIDE_CLUSTER_SLOT: N_("In a cluster, this key may be on another server than Guard Dog's."),
    InputProblem.UNKNOWN_KEY_FORMAT: N_("This is no format of keys that Guard Dog knows."),
    InputProblem.SHARING_NEEDS_STABLE: N_(
        "An account with the classic endpoint cannot be shared: each call there ends the token of everybody else, "
        "and no lock can prevent that."
    ),
    InputProblem.INVALID_REDIS_PASSWORD: N_("This cannot be a password of Redis."),
    InputProblem.UNKNOWN_LANGUAGE: N_("This language is not there."),
    InputProblem.CLIPBOARD_SECONDS_OUT_OF_RANGE: N_("This time for the clipboard cannot be used."),
    InputProblem.INVALID_API_BASE: N_("This address of the WeChat API cannot be used."),
    InputProblem.EMPTY_URL: N_("There is no address to sign."),
    InputProblem.URL_TOO_LONG: N_("This text is too long for an address: more than 8192 characters."),
    InputProblem.URL_UNPRINTABLE: N_("This address holds a line break or a control character; no page can have it."),
    InputProblem.URL_ENCODED: N_("This address is percent-encoded as a whole. The browser's address never is."),
    InputProblem.URL_RELATIVE: N_("This is not a full address: it has no https:// in front."),
    InputProblem.URL_OTHER_SCHEME: N_("Only https:// and http:// pages can be signed."),
    InputProblem.URL_WITHOUT_HOST: N_("This address has no domain that can be reached, or its port is none."),
    InputProblem.EMPTY_NONCE: N_("The nonce is empty."),
    InputProblem.NONCE_TOO_LONG: N_("The nonce is longer than 32 characters."),
    InputProblem.INVALID_NONCE: N_("The nonce holds a blank, an & or an invisible character."),
    InputProblem.INVALID_TIMESTAMP: N_("The timestamp is not a whole number of seconds."),
    InputProblem.TIMESTAMP_IN_MS: N_("The timestamp is in milliseconds; WeChat wants seconds."),
    InputProblem.TIMESTAMP_FAR_FROM_NOW: N_("The timestamp is more than a day away from now."),
    InputProblem.EMPTY_CARD_ID: N_("There is no card_id to sign."),
    InputProblem.SIGNATURE_MISSING: N_("There is no signature to look into."),
    InputProblem.SIGNATURE_INVALID: N_("This is no signature: it has to be 40 digits from 0-9 and a-f."),
    InputProblem.NONCE_MISSING: N_("There is no nonce."),
    InputProblem.NONCE_ENDLESS: N_("This text is too long for a nonce: more than 256 characters."),
    InputProblem.TIMESTAMP_MISSING: N_("There is no timestamp."),
    InputProblem.TIMESTAMP_NOT_A_NUMBER: N_("This is no timestamp: it has to be a number of seconds, ten digits."),
    InputProblem.INVALID_ENTRY_URL: N_("The address at which the app was entered is not that of a page."),
    InputProblem.NO_KNOWN_TICKET: N_("There is no ticket to try: this account has none yet."),
    InputProblem.TICKET_NOT_FOUND: N_("There is no jsapi_ticket in this text."),
    InputProblem.SIGNATURE_IS_TEMPLATE: N_(
        "The signature in this text is the place of a template, which the server has not filled in."
    ),
    InputProblem.NONCE_IS_TEMPLATE: N_(
        "The nonceStr in this text is the place of a template, which the server has not filled in."
    ),
    InputProblem.TIMESTAMP_IS_TEMPLATE: N_(
        "The timestamp in this text is the place of a template, which the server has not filled in."
    ),
    InputProblem.CONFIG_IS_TEMPLATE: N_(
        "This wx.config has places of a template in place of values: the server has not filled them in."
    ),
    InputProblem.PAYMENT_SIGNATURE: N_(
        "This is a payment call: its paySign is made with the merchant's API key, not with a jsapi_ticket as the "
        "signature of wx.config."
    ),
    InputProblem.MESSAGE_SIGNATURE: N_(
        "This is a request of the message push: its signature is made with the Token that you set for the push, not "
        "with a jsapi_ticket as that of wx.config."
    ),
    InputProblem.CONFIG_NOT_FOUND: N_("There is no wx.config in this text."),
    InputProblem.CONFIG_HAS_VARIABLES: N_("This wx.config has the names of variables in place of values."),
    InputProblem.NO_WEB_AUTHORISATION: N_("A mini program has no web authorisation: its users log in with wx.login."),
    InputProblem.CODE_NOT_FOUND: N_("There is no authorisation code in this text."),
    InputProblem.OAUTH_TOKEN: N_(
        "The access_token in this text is that of a web authorisation (OAuth): it is for one user and the /sns/ calls, "
        "and is not the account's ordinary access_token that Guard Dog keeps."
    ),
    InputProblem.COMPONENT_TOKEN: N_(
        "This text has the token or ticket of a third-party platform (component): it is for the platform's own calls, "
        "and is not an account's ordinary access_token."
    ),
    InputProblem.AUTHORIZER_TOKEN: N_(
        "This text has an authorizer_access_token: a third-party platform acts with it for an account that authorised "
        "the platform; it is not the ordinary access_token that the account's AppSecret gives."
    ),
    InputProblem.WORK_TOKEN: N_(
        "The token in this text is that of WeCom (qyapi.weixin.qq.com): api.weixin.qq.com does not take it, and it is "
        "not the ordinary access_token that Guard Dog keeps."
    ),
    InputProblem.SESSION_KEY: N_(
        "This text has the session_key of a mini-program login (jscode2session): it decrypts and signs the data of "
        "one user, and is no access_token; keep it on the server."
    ),
}
# in the order of the summaries; empty for a problem whose summary says it all
_PROBLEM_ADVICE: Mapping[InputProblem, str] = {
    InputProblem.ACCOUNT_EXISTS: N_("Edit that one (Edit account… in the menu of its row), or give another AppID."),
    InputProblem.ACCOUNT_REMOVED: N_("Add it anew, with its AppSecret, if it is still wanted."),
    InputProblem.EMPTY_APPID: N_(
        "It is wx and 16 more letters and digits. Copy it from WeChat Developer Platform > My business > the account."
    ),
    InputProblem.INVALID_APPID: N_(
        "It is wx and 16 more letters and digits. Copy it from WeChat Developer Platform > My business > the account."
    ),
    InputProblem.ORIGINAL_ID: N_(
        "The AppID is wx and 16 more letters and digits. Copy it from WeChat Developer Platform > My business > "
        "the account."
    ),
    InputProblem.CORP_ID: N_(
        "Guard Dog keeps official accounts and mini programs. Their AppID is wx and 16 more letters and digits."
    ),
    InputProblem.INVALID_NAME: N_("Take 1 to 80 visible characters."),
    InputProblem.INVALID_GROUP: N_("Take up to 80 visible characters, or none."),
    InputProblem.NAME_TAKEN: N_("Choose another one: commands and menus tell accounts apart by their names."),
    InputProblem.REFRESH_AHEAD_OUT_OF_RANGE: N_("Take 0 to 3600."),
    InputProblem.REFRESH_AHEAD_TOO_LONG_FOR_STABLE: N_("Take 290 seconds or less."),
    InputProblem.DOG_DIR_TAKEN: N_("Choose a folder of its own for this account: the files have the same names."),
    InputProblem.INVALID_DOG_DIR: N_("Give a full path, or leave it empty for the default folder."),
    InputProblem.DOG_DIR_IS_ROOT: N_("Name a folder in it, or leave it empty for the default folder."),
    InputProblem.INVALID_PASSPHRASE: N_("Write it in UTF-8, as one line."),
    InputProblem.EMPTY_SECRET: _SECRET_ADVICE,
    InputProblem.INVALID_SECRET: _SECRET_ADVICE,
    InputProblem.SECRET_OF_OTHER_ACCOUNT: N_("Nothing was filled in. Copy the AppSecret of this account."),
    InputProblem.JS_DOMAIN_HAS_SCHEME: N_("Take the host name alone, such as www.example.com."),
    InputProblem.JS_DOMAIN_HAS_PATH: N_("Take the host name alone, such as www.example.com."),
    InputProblem.JS_DOMAIN_HAS_PORT: N_("Take the host name alone, such as www.example.com."),
    InputProblem.INVALID_JS_DOMAIN: N_(
        "Take a host name such as www.example.com; WeChat takes no IP addresses and no wildcards."
    ),
    InputProblem.INVALID_PROXY: N_(
        "Take http://host:port or socks5://host:port, direct for none, or leave it empty for that of the system."
    ),
    InputProblem.SOCKS4_PROXY: N_("Take a SOCKS 5 or an HTTP proxy."),
    InputProblem.PROXY_WITHOUT_PORT: N_("Write it behind a colon, such as http://127.0.0.1:7890."),
    InputProblem.PROXY_HAS_PASSWORD: N_(
        "Leave it out; on the command line it is asked for, or read with --proxy-password-stdin."
    ),
    InputProblem.INVALID_PROXY_PASSWORD: N_("Type 1 to 255 visible characters."),
    InputProblem.INVALID_API_HOST: N_(
        "Take a host such as api2.weixin.qq.com, or an https address; plain http is for this computer only."
    ),
    InputProblem.EMPTY_DOMAIN: N_("Type a domain such as shop.example.cn, or the address of a page."),
    InputProblem.INVALID_VERIFY_FILE: N_("It is MP_verify_, some letters and digits, and .txt; WeChat shows it."),
    InputProblem.INVALID_EXPORT_PATH: N_(
        "Give the full path of a folder, or of a .env file; Guard Dog's own files are not for that."
    ),
    InputProblem.INVALID_COMMAND: N_("Begin with the name of a program, or its full path."),
    InputProblem.EMPTY_COMMAND: "",
    InputProblem.RELATIVE_COMMAND: N_("Give the full path: Guard Dog is started in another folder."),
    InputProblem.UNCLOSED_QUOTE: N_('Close the quote, or write a quote that is meant as such as \\".'),
    InputProblem.DUPLICATE_EXPORT: N_(
        "Remove one of them, or take another folder: the PHP sample and wechat_interaction_jsapi use "
        "the same file names."
    ),
    InputProblem.EXPORT_OF_OTHER_ACCOUNT: N_("Take another folder or another file for this account."),
    InputProblem.NOT_FOR_CMD: N_("Take another --format."),
    InputProblem.INVALID_REDIS_URL: N_(
        "It looks like rediss://user@redis.example.com:6379/0; redis://, unix:///path, redis+sentinel:// and "
        "redis+cluster:// work, too."
    ),
    InputProblem.REDIS_URL_WITH_PASSWORD: N_("Give it on standard input with --redis-password-stdin."),
    InputProblem.INVALID_CA_FILE: N_("Give the full path of a PEM file."),
    InputProblem.KEY_NAME_MISSING: N_("Write it behind the format, such as plain=shop:token."),
    InputProblem.INVALID_KEY_NAME: N_(
        "Take up to 256 visible characters without blanks; {{appid}} stands for the AppID."
    ),
    InputProblem.KEY_NAME_TAKEN: N_("Take the name that your own program reads."),
    InputProblem.KEY_OUTSIDE_CLUSTER_SLOT: N_(
        "Put the AppID in braces into the name, such as shop:{{{{appid}}}}:token."
    ),
    InputProblem.UNKNOWN_KEY_FORMAT: N_(
        "Take wechatpy, wxjava, silenceper, symfony or plain, with =KEY for another key than the usual one."
    ),
    InputProblem.SHARING_NEEDS_STABLE: N_("Change it to the stable endpoint first: accounts edit --endpoint stable."),
    InputProblem.INVALID_REDIS_PASSWORD: N_("Give one line of visible characters."),
    InputProblem.UNKNOWN_LANGUAGE: N_("Take system, en or zh_CN."),
    InputProblem.CLIPBOARD_SECONDS_OUT_OF_RANGE: N_("Take 0 to 600 seconds; 0 keeps the value."),
    InputProblem.INVALID_API_BASE: N_(
        "Take an https address; plain http is for this computer only. Where neither the Preferences "
        "nor GUARDDOG_API_BASE names one, it is https://api.weixin.qq.com."
    ),
    InputProblem.EMPTY_URL: N_("Copy the page's full address from the browser, from https:// on."),
    InputProblem.URL_TOO_LONG: N_("Give the address of the page alone."),
    InputProblem.URL_UNPRINTABLE: N_("Copy it again from the browser, as one line."),
    InputProblem.URL_ENCODED: N_("Decode it once, for example with decodeURIComponent, and sign the result."),
    InputProblem.URL_RELATIVE: N_("Give location.href as the page reports it."),
    InputProblem.URL_OTHER_SCHEME: N_("Open the page from a web server and take its address there."),
    InputProblem.URL_WITHOUT_HOST: N_("It has to begin like https://shop.example.cn/"),
    InputProblem.EMPTY_NONCE: N_("Type 1 to 32 letters and digits, or let Guard Dog make one."),
    InputProblem.NONCE_TOO_LONG: N_("Type 1 to 32 letters and digits."),
    InputProblem.INVALID_NONCE: N_("Type letters and digits only."),
    InputProblem.INVALID_TIMESTAMP: N_("Type Unix seconds, ten digits, or leave it out for now."),
    InputProblem.TIMESTAMP_IN_MS: "",
    InputProblem.TIMESTAMP_FAR_FROM_NOW: N_("Type one of today, or leave it out for now."),
    InputProblem.EMPTY_CARD_ID: N_("Give the id of the card, from the console or from card/create."),
    InputProblem.SIGNATURE_MISSING: N_("Copy the signature that the page gives to wx.config."),
    InputProblem.SIGNATURE_INVALID: N_("Copy the whole signature that the page gives to wx.config."),
    InputProblem.NONCE_MISSING: N_("Copy the nonceStr that the page gives to wx.config."),
    InputProblem.NONCE_ENDLESS: N_("Copy the nonceStr alone."),
    InputProblem.TIMESTAMP_MISSING: N_("Copy the timestamp that the page gives to wx.config."),
    InputProblem.TIMESTAMP_NOT_A_NUMBER: N_("Copy the timestamp that the page gives to wx.config."),
    InputProblem.INVALID_ENTRY_URL: N_("Copy it in full, from https:// on, or leave it out."),
    InputProblem.NO_KNOWN_TICKET: N_("Refresh the account first, or give the ticket with --ticket."),
    InputProblem.TICKET_NOT_FOUND: N_(
        "Give the ticket alone, or the whole reply of getticket; an access_token is not a ticket."
    ),
    InputProblem.CONFIG_NOT_FOUND: N_(
        "Paste the block from wx.config( to ), or what the browser's console shows of it."
    ),
    InputProblem.CONFIG_HAS_VARIABLES: N_(
        "Put console.log in front of wx.config, open the page, and paste what the console shows."
    ),
    **dict.fromkeys(
        (
            InputProblem.SIGNATURE_IS_TEMPLATE,
            InputProblem.NONCE_IS_TEMPLATE,
            InputProblem.TIMESTAMP_IS_TEMPLATE,
            InputProblem.CONFIG_IS_TEMPLATE,
        ),
        N_(
            "Paste the rendered page, which the browser shows with View source; if the place stands there too, have "
            "the server fill it in."
        ),
    ),
    InputProblem.PAYMENT_SIGNATURE: N_(
        "Paste the block from wx.config( to ); check a paySign by the signature rules of WeChat Pay."
    ),
    InputProblem.MESSAGE_SIGNATURE: N_(
        "Paste the block from wx.config( to ); check this signature as the SHA-1 of Token, timestamp and nonce, sorted "
        "and joined."
    ),
    InputProblem.NO_WEB_AUTHORISATION: N_("Choose a service account or a test account."),
    InputProblem.CODE_NOT_FOUND: N_("Paste the code, or the whole address that WeChat opened: …?code=…&state=…"),
    # one sentence says which token it is, and what it is for
    **dict.fromkeys(
        (
            InputProblem.OAUTH_TOKEN,
            InputProblem.COMPONENT_TOKEN,
            InputProblem.AUTHORIZER_TOKEN,
            InputProblem.WORK_TOKEN,
            InputProblem.SESSION_KEY,
        ),
        "",
    ),
}

INPUT_PROBLEMS: Mapping[InputProblem, tuple[str, str]] = {
    problem: (summary, _PROBLEM_ADVICE[problem]) for problem, summary in _PROBLEM_SUMMARIES.items()
}

DEFAULT_FILE_ADVICE = N_(
    "Check that the folder is yours and the disk has room, then try again. What was there before is unchanged."
)
FILE_ERROR_ADVICE: Mapping[str, str] = {
    FileErrorReason.IS_A_FOLDER: N_("Move that folder away or rename it, then try again."),
    FileErrorReason.PARENT_IS_A_FILE: N_("Move that file away, or choose another folder, then try again."),
    FileErrorReason.FOLDER_IS_A_FILE: N_("Move that file away, or choose another folder, then try again."),
    FileErrorReason.NOT_FOUND: N_("Make the folder, or choose another one, then try again."),
    FileErrorReason.MISSING: N_("Check the name of the file."),
    FileErrorReason.EXISTS: N_("Choose another name. On the command line, --force replaces it."),
    FileErrorReason.NOT_A_REGULAR_FILE: N_("Name another file, or move away what is in its place."),
    FileErrorReason.BROKEN_LINK: N_("Make the folder that the link leads to, or remove the link, then try again."),
    FileErrorReason.NEWER_VERSION: N_("Update this Guard Dog, then try again. The file is unchanged."),
    FileErrorReason.NO_SUCH_HOME: N_("Check the name behind ~, or give the whole path."),
    FileErrorReason.NOT_INSTALLED: N_("Install Guard Dog again."),
    FileErrorReason.NOT_PEM: N_("Give the certificate with its chain, and its private key, in PEM format."),
    FileErrorReason.OTHER_KEY: N_("Give the key with which the certificate was requested."),
    FileErrorReason.ENCRYPTED_KEY: N_("Give a key without a passphrase, in a file that only this user can read."),
    FileErrorReason.DAMAGED: N_("Close other programs that use it, or remove it by hand, then try again."),
    FileErrorReason.NO_LOCKS: N_("Move its folder to a local disk; guarddogctl doctor says more."),
    FileErrorReason.NOT_OWNED: N_("Make it yours (chown), or remove it so that Guard Dog can make a new one."),
    FileErrorReason.NOT_PRIVATE: N_(
        "Remove it, or set XDG_RUNTIME_DIR to a folder that is yours alone (chmod 700), then start Guard Dog again."
    ),
    FileErrorReason.NOT_PLAIN_TEXT: N_("Save it as UTF-8, then try again. It is unchanged."),
    FileErrorReason.VALUE_NOT_WRITABLE: N_(
        "It is none of WeChat's: refresh, and look for another program that writes the .dog file."
    ),
}
