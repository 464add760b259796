"""Texts for each kind of mistake in a signature: the summary, and what to do about it."""

from collections.abc import Mapping

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.message_catalog import N_

_SIGN_LIVE_URL = N_("Sign the address that the browser has at run time, location.href.split('#')[0], as it is.")

_ASK_THE_PAGE = N_(
    "A server cannot know the address in the browser, because a proxy or a rule has rewritten it: let the page send "
    "location.href.split('#')[0]."
)
_KEEP_THE_QUERY = N_("Do not parse and write the query anew; sign the text as the browser has it.")
_FOUR_FIELDS = N_("Sign exactly jsapi_ticket=…&noncestr=…&timestamp=…&url=…")

_MISTAKE_SUMMARIES: Mapping[MistakeKind, str] = {
    MistakeKind.FRAGMENT: N_("{signed} was signed along; WeChat leaves out # and what follows."),
    MistakeKind.SLASH_MISSING: N_("The / at the end of the domain or path is missing in what was signed."),
    MistakeKind.SLASH_ADDED: N_("A / was signed at the end of the domain or path that the page does not have."),
    MistakeKind.HTTP: N_("http was signed, and the page is https."),
    MistakeKind.HTTPS: N_("https was signed, and the page is http."),
    MistakeKind.PORT_MISSING: N_("The port {meant} is missing in what was signed."),
    MistakeKind.PORT_ADDED: N_("The port {signed} was signed; the browser's address does not have it."),
    MistakeKind.PORT_OTHER: N_("The port {signed} was signed in place of {meant}."),
    MistakeKind.ENCODED: N_("The URL was signed percent-encoded, as encodeURIComponent does it."),
    MistakeKind.ESCAPED: N_("The URL was percent-encoded once more before it was signed, as encodeURI does it."),
    MistakeKind.DECODED: N_("The URL was decoded before it was signed; WeChat takes it with its percent signs."),
    MistakeKind.DECODED_TWICE: N_("The URL was decoded twice before it was signed."),
    MistakeKind.SHARE_PARAMETER_MISSING: N_(
        "{meant} is missing in what was signed. WeChat, an authorisation or a campaign put it into the address."
    ),
    MistakeKind.SHARE_PARAMETER_ADDED: N_("{signed} was signed, and the page's address does not have it."),
    MistakeKind.PARAMETER_MISSING: N_("The parameter {meant} is missing in what was signed."),
    MistakeKind.PARAMETER_ADDED: N_("The parameter {signed} was signed, and the page's address does not have it."),
    MistakeKind.QUERY_MISSING: N_("The whole query {meant} is missing in what was signed."),
    MistakeKind.QUESTION_MARK_MISSING: N_(
        "The empty {meant} at the end of the page's address was cut off in what was signed."
    ),
    MistakeKind.QUERY_ORDER: N_("The parameters were signed in another order."),
    MistakeKind.URL_HTML_AMPERSAND: N_("The URL was signed with {signed} where the page has {meant}."),
    MistakeKind.HOST_CASE: N_("The domain was signed as {signed}; the browser has {meant}."),
    MistakeKind.WWW_MISSING: N_("The domain was signed without www.: {signed} in place of {meant}."),
    MistakeKind.WWW_ADDED: N_("The domain was signed with www.: {signed} in place of {meant}."),
    MistakeKind.URL_WHITESPACE: N_("White space was signed along with the URL, or at the end of the string: {signed}"),
    MistakeKind.SITE_ROOT: N_("The address of the whole site was signed in place of the page's."),
    MistakeKind.ENTRY_PATH: N_("The path {signed} was signed, and the page has {meant}."),
    MistakeKind.ENTRY_URL: N_("The address was signed at which the single-page app was entered."),
    MistakeKind.OTHER_URL: N_("The URL was signed that came with the wx.config; the page has another one."),
    MistakeKind.NO_URL: N_("No page's URL was signed, but `{signed}` in its place."),
    MistakeKind.SCHEME_MISSING: N_("The URL was signed without its scheme: {signed} in place of {meant}."),
    MistakeKind.SCHEME_TWICE: N_("The scheme or the domain was signed twice: {signed} in place of {meant}."),
    MistakeKind.HOST_ALONE: N_("The domain alone was signed in place of the URL: {signed}"),
    MistakeKind.HOST_MISSING: N_("The URL was signed without its domain: {signed}"),
    MistakeKind.INTERNAL_HOST: N_(
        "The server's own address {signed} was signed in place of the public one, {meant}, which the browser has."
    ),
    MistakeKind.DEFAULT_DOCUMENT_ADDED: N_(
        "The file name {signed} was signed, which the server adds by itself; the browser's address does not have it."
    ),
    MistakeKind.DEFAULT_DOCUMENT_MISSING: N_(
        "The file name {meant} of the page's address is missing in what was signed."
    ),
    MistakeKind.PATH_ADDED: N_(
        "{signed} was signed at the beginning of the path; the browser's address does not have it."
    ),
    MistakeKind.PATH_MISSING: N_("{meant} is missing in the path that was signed."),
    MistakeKind.DOUBLE_SLASH: N_("A slash too many or too few was signed: {signed} in place of {meant}."),
    MistakeKind.LETTER_CASE: N_("Upper and lower case differ: {signed} was signed in place of {meant}."),
    MistakeKind.URL_CUT: N_("The URL was cut off before it was signed: {meant} is missing."),
    MistakeKind.NULL_APPENDED: N_("{signed} was appended to the URL: the text of a value that does not exist."),
    MistakeKind.QUERY_REWRITTEN: N_("The query was written anew: {signed} was signed in place of {meant}."),
    MistakeKind.REESCAPED: N_(
        "The query was decoded and percent-encoded again by other rules: {signed} was signed in place of {meant}."
    ),
    MistakeKind.PLUS_SIGN: N_(
        "`{signed}` was signed where the URL has `{meant}`: blanks and plus signs were exchanged."
    ),
    MistakeKind.ESCAPE_CASE: N_("The percent signs were signed in another case, such as %3a in place of %3A."),
    MistakeKind.ENCODED_TWICE: N_("The URL, or its query, was signed percent-encoded twice."),
    MistakeKind.OTHER_BYTES: N_(
        "Characters of the URL were signed in another encoding than UTF-8, or were lost: {signed} in place of {meant}."
    ),
    MistakeKind.URL_ENTITY: N_(
        "{signed} was signed in the URL, which HTML makes of an {meant} with a name behind it (&copy is ©)."
    ),
    MistakeKind.URL_QUOTED: N_("Quotation marks, brackets or commas were signed along with the URL: {signed}"),
    MistakeKind.URL_BACKSLASH: N_("The URL was signed with backslashes of JSON or of source code in it: {signed}"),
    MistakeKind.FRAGMENT_MERGED: N_(
        "What follows # was mixed up with the rest of the URL: {signed} in place of {meant}."
    ),
    MistakeKind.OLD_TICKET: N_("An earlier jsapi_ticket of the account was signed with."),
    MistakeKind.OTHER_ACCOUNT: N_("A value of another account was signed with: {signed}"),
    MistakeKind.ACCESS_TOKEN: N_("An access_token was signed with in place of the jsapi_ticket."),
    MistakeKind.CARD_TICKET: N_("The ticket for cards (wx_card) was signed with in place of the jsapi_ticket."),
    MistakeKind.FOREIGN_TICKET: N_(
        "The jsapi_ticket that was pasted along was signed with; Guard Dog does not know it as one of this account."
    ),
    MistakeKind.TICKET_WHITESPACE: N_("White space was signed along with the jsapi_ticket: {signed}"),
    MistakeKind.TICKET_CUT: N_("A part of the jsapi_ticket was signed with; the rest was cut off."),
    MistakeKind.TICKET_CASE: N_("The jsapi_ticket was signed with in lower or upper case."),
    MistakeKind.TICKET_QUOTED: N_("Quotation marks, brackets or a comma were signed along with the jsapi_ticket."),
    MistakeKind.TICKET_REPLY: N_("The whole reply of getticket was signed with in place of the ticket in it."),
    MistakeKind.NO_TICKET: N_("No real jsapi_ticket was signed with, but `{signed}` in its place."),
    MistakeKind.NONCE_NAME: N_("The nonce is called {signed} in the string; there it has to be {meant}."),
    MistakeKind.NONCE_CASE: N_(
        "The nonce {signed} was signed, and wx.config has {meant}: upper and lower case differ."
    ),
    MistakeKind.NONCE_WHITESPACE: N_(
        "The nonce {signed} was signed, and wx.config has {meant}: one of them has white space at its ends."
    ),
    MistakeKind.NO_NONCE: N_("No nonce was signed, but `{signed}` in its place; wx.config has {meant}."),
    MistakeKind.TIMESTAMP_MS: N_(
        "The timestamp was signed in milliseconds, {signed}; wx.config has the seconds, {meant}."
    ),
    MistakeKind.TIMESTAMP_SECONDS: N_(
        "wx.config has the timestamp in milliseconds, {meant}; signed were the seconds, {signed}."
    ),
    MistakeKind.TIMESTAMP_MS_BOTH: N_("The timestamp is in milliseconds, {signed}, in the string as in wx.config."),
    MistakeKind.TIMESTAMP_FRACTION: N_(
        "The timestamp was signed as {signed} in place of {meant}; it has to be the same whole number in both places."
    ),
    MistakeKind.TIMESTAMP_QUOTED: N_("The timestamp was signed with quotes around it: {signed}"),
    MistakeKind.TIMESTAMP_AGAIN: N_("The timestamp {signed} was signed, and wx.config has another one, {meant}."),
    MistakeKind.NO_TIMESTAMP: N_("No timestamp was signed, but `{signed}` in its place; wx.config has {meant}."),
    MistakeKind.FIELD_ORDER: N_("The fields were signed in the order {signed}; it has to be {meant}."),
    MistakeKind.FIELD_NAME: N_("A field of the string is called {signed}; it has to be {meant}."),
    MistakeKind.FIELD_MISSING: N_("The name or the value of {meant} is missing in the string."),
    MistakeKind.FIELD_JOIN: N_("The four fields were not joined with = and & alone."),
    MistakeKind.VALUES_ONLY: N_("Only the values were joined, without their names."),
    MistakeKind.EXTRA_FIELD: N_("{signed} was put into the string as a further field."),
    MistakeKind.APPID_FIELD: N_("The field {signed} was signed along."),
    MistakeKind.TIMES_SIGN: N_("The string was signed with {signed}, which is what HTML makes of {meant}."),
    MistakeKind.HTML_AMPERSAND: N_("The fields were joined with {signed} in place of {meant}."),
    MistakeKind.STRING_CASE: N_("The whole string was changed to lower or upper case before it was hashed."),
    MistakeKind.STRING_ENCODED: N_("The whole string was percent-encoded before it was hashed."),
    MistakeKind.STRING_BYTES: N_("The string was hashed as {signed} and not as UTF-8."),
    MistakeKind.HASHED_TWICE: N_("The hash was hashed once more."),
    MistakeKind.UPPER_CASE: N_("The signature is not in lower case."),
    MistakeKind.MD5: N_("The string was hashed with MD5."),
    MistakeKind.SHA256: N_("The string was hashed with SHA-256."),
    MistakeKind.WRONG_APPID: N_("wx.config names {signed}, and the jsapi_ticket is that of {meant}."),
    MistakeKind.CONFIG_NAME: N_("wx.config has {signed} in place of {meant}, so WeChat answers {error}."),
    MistakeKind.CONFIG_MISSING: N_("wx.config has no {meant}, so WeChat answers {error}."),
    MistakeKind.CONFIG_EMPTY: N_("wx.config has {signed} as {meant}, so WeChat answers {error}."),
    MistakeKind.CONFIG_TEMPLATE: N_(
        "{meant} in wx.config is the place of a template, `{signed}`, which the server has not filled in; WeChat "
        "answers {error}."
    ),
}
# in the order of the summaries; for the mistakes that are not here, _SIGN_LIVE_URL is right
_MISTAKE_ADVICE: Mapping[MistakeKind, str] = {
    MistakeKind.FRAGMENT: N_("Sign location.href.split('#')[0]."),
    MistakeKind.HTTP: N_(
        "A server behind a proxy sees http: let the page send its own address, or go by X-Forwarded-Proto."
    ),
    MistakeKind.HTTPS: N_("Open the page over https, or sign the address that it really has."),
    MistakeKind.ENCODED: N_("Encode it only on the way to the server, decode it there once, and sign the result."),
    MistakeKind.DECODED: N_(
        "Sign the address as it comes: frameworks have already decoded the parameter that carries it."
    ),
    MistakeKind.DECODED_TWICE: N_("Decode it once on the server at most; many frameworks have done it already."),
    MistakeKind.SHARE_PARAMETER_ADDED: N_(
        "Sign anew for each visit; a signature of a shared address is good for that address only."
    ),
    MistakeKind.QUERY_ORDER: N_("Do not build the URL anew from its parameters; sign the text as the browser has it."),
    MistakeKind.URL_HTML_AMPERSAND: N_("An HTML template has escaped the URL; hand it to the script unescaped."),
    MistakeKind.URL_WHITESPACE: N_("Strip the URL, and hash the string without a line break."),
    MistakeKind.SITE_ROOT: N_(
        "A Referer often is the site alone: let the page send location.href.split('#')[0] to the server. In a "
        "single-page app it may be the address at which it was entered, which WeChat checks on iOS: then diagnose "
        "again with it as --entry-url, in the window as Landing URL."
    ),
    MistakeKind.ENTRY_PATH: N_(
        "In a single-page app it may be the address at which it was entered: WeChat checks that one on iOS and the "
        "current one on Android. Then diagnose again with it as --entry-url, in the window as Landing URL. Else let "
        "the page send location.href.split('#')[0] to the server."
    ),
    MistakeKind.ENTRY_URL: N_(
        "On iOS that is right until the page is really reloaded. On Android sign the current address "
        "after each change of the route."
    ),
    MistakeKind.NO_URL: N_(
        "Let the page send location.href.split('#')[0] to the server with encodeURIComponent, and look at what "
        "arrives there."
    ),
    MistakeKind.SCHEME_TWICE: N_(
        "Do not put the URL together from parts; let the page send location.href.split('#')[0]."
    ),
    MistakeKind.SCHEME_MISSING: N_(
        "Do not put the URL together from parts; let the page send location.href.split('#')[0]."
    ),
    MistakeKind.HOST_MISSING: N_(
        "Do not put the URL together from parts; let the page send location.href.split('#')[0]."
    ),
    MistakeKind.HOST_ALONE: N_(
        "Do not put the URL together from parts; let the page send location.href.split('#')[0]."
    ),
    MistakeKind.DOUBLE_SLASH: N_(
        "Do not put the URL together from parts; let the page send location.href.split('#')[0]."
    ),
    MistakeKind.INTERNAL_HOST: _ASK_THE_PAGE,
    MistakeKind.PORT_ADDED: _ASK_THE_PAGE,
    MistakeKind.PORT_OTHER: _ASK_THE_PAGE,
    MistakeKind.PORT_MISSING: _ASK_THE_PAGE,
    MistakeKind.DEFAULT_DOCUMENT_ADDED: _ASK_THE_PAGE,
    MistakeKind.DEFAULT_DOCUMENT_MISSING: _ASK_THE_PAGE,
    MistakeKind.PATH_ADDED: _ASK_THE_PAGE,
    MistakeKind.PATH_MISSING: _ASK_THE_PAGE,
    MistakeKind.URL_CUT: N_(
        "If it was cut at an &, send it to the server with encodeURIComponent: without it, the server takes what "
        "follows for parameters of its own. Else look at the length of the column or cache that stores it."
    ),
    MistakeKind.NULL_APPENDED: N_("Append the ? and the query only if there is one (getQueryString() can be null)."),
    MistakeKind.QUERY_REWRITTEN: _KEEP_THE_QUERY,
    MistakeKind.REESCAPED: _KEEP_THE_QUERY,
    MistakeKind.PLUS_SIGN: _KEEP_THE_QUERY,
    MistakeKind.ESCAPE_CASE: _KEEP_THE_QUERY,
    MistakeKind.ENCODED_TWICE: N_(
        "Encode it only on the way to the server, decode it there once, and sign the result."
    ),
    MistakeKind.OTHER_BYTES: N_("Work with UTF-8 in the page, the server, the database and the terminal."),
    MistakeKind.URL_ENTITY: N_("Do not put the URL into HTML unescaped, nor take it from there: use location.href."),
    MistakeKind.URL_QUOTED: N_(
        "Take the text out of its quotation marks before signing: parse JSON, do not cut it out."
    ),
    MistakeKind.URL_BACKSLASH: N_(
        "Take the text out of its quotation marks before signing: parse JSON, do not cut it out."
    ),
    MistakeKind.OLD_TICKET: N_(
        "Keep one copy for all servers and replace it before it expires: guarddogctl token --key "
        "JSAPI_TICKET gives the current one."
    ),
    MistakeKind.OTHER_ACCOUNT: N_("Take the appId for wx.config and the jsapi_ticket from the same account."),
    MistakeKind.ACCESS_TOKEN: N_(
        "Fetch the jsapi_ticket with the access_token (getticket, type=jsapi), and sign with that."
    ),
    MistakeKind.CARD_TICKET: N_(
        "Fetch the ticket with type=jsapi; the one of type=wx_card is for cardExt and chooseCard alone."
    ),
    MistakeKind.FOREIGN_TICKET: N_("Find out which account and which server it comes from."),
    MistakeKind.TICKET_WHITESPACE: N_("Strip the jsapi_ticket after reading it from its file or cache."),
    MistakeKind.TICKET_CUT: N_("Store at least 512 characters for it, and copy all of it."),
    MistakeKind.TICKET_CASE: N_("Upper and lower case differ: keep the jsapi_ticket as WeChat gives it."),
    MistakeKind.TICKET_QUOTED: N_("Take the field ticket out of the parsed JSON of getticket."),
    MistakeKind.TICKET_REPLY: N_("Take the field ticket out of the parsed JSON of getticket."),
    MistakeKind.NO_TICKET: N_(
        "Look at what your program has as jsapi_ticket when it signs: fetching it failed, is not awaited, or the value "
        "has another name."
    ),
    MistakeKind.NONCE_NAME: N_("Write noncestr in the string and nonceStr in wx.config."),
    MistakeKind.NONCE_CASE: N_("Give wx.config the very nonce that was signed."),
    MistakeKind.NONCE_WHITESPACE: N_("Give wx.config the very nonce that was signed, without white space."),
    MistakeKind.NO_NONCE: N_("Give wx.config the very nonce that was signed."),
    MistakeKind.TIMESTAMP_AGAIN: N_(
        "Read the clock once and use that value in the string and in wx.config; a cached signature needs the timestamp "
        "it was made with."
    ),
    MistakeKind.NO_TIMESTAMP: N_(
        "Read the clock once and use that value in the string and in wx.config; a cached signature needs the timestamp "
        "it was made with."
    ),
    MistakeKind.TIMESTAMP_MS: N_("Use one timestamp in seconds for both: Math.floor(Date.now() / 1000)."),
    MistakeKind.TIMESTAMP_SECONDS: N_("Give wx.config the seconds that were signed."),
    MistakeKind.TIMESTAMP_MS_BOTH: N_("Use whole seconds in both places, ten digits: Math.floor(Date.now() / 1000)."),
    MistakeKind.TIMESTAMP_FRACTION: N_(
        "Round it down to whole seconds once, and use that in the string and in wx.config."
    ),
    MistakeKind.TIMESTAMP_QUOTED: N_("Sign the digits alone."),
    MistakeKind.FIELD_ORDER: N_("Sort the names by ASCII before joining them."),
    MistakeKind.FIELD_NAME: N_("All names in the string are lower case: jsapi_ticket, noncestr, timestamp, url."),
    MistakeKind.FIELD_MISSING: _FOUR_FIELDS,
    MistakeKind.FIELD_JOIN: _FOUR_FIELDS,
    MistakeKind.VALUES_ONLY: N_(
        "Sign jsapi_ticket=…&noncestr=…&timestamp=…&url=…; joining bare values is for cards and for messages."
    ),
    MistakeKind.EXTRA_FIELD: N_("Sign four fields and no more: jsapi_ticket, noncestr, timestamp, url."),
    MistakeKind.APPID_FIELD: N_("Sign four fields and no more: jsapi_ticket, noncestr, timestamp, url."),
    MistakeKind.TIMES_SIGN: N_("Put the string together in code; do not copy it out of a web page."),
    MistakeKind.HTML_AMPERSAND: N_("An HTML template or library has escaped the string; hash it unescaped."),
    MistakeKind.STRING_CASE: N_("Change the case of nothing but the names, which are lower case."),
    MistakeKind.STRING_ENCODED: N_("Hash the string as it is; nothing in it is percent-encoded by you."),
    MistakeKind.STRING_BYTES: N_("Hash the bytes of UTF-8, without a byte order mark."),
    MistakeKind.HASHED_TWICE: N_("Hash the string once, and give wx.config the 40 digits."),
    MistakeKind.UPPER_CASE: N_("Write the SHA-1 with the digits 0-9 and a-f in lower case."),
    MistakeKind.MD5: N_("Use SHA-1."),
    MistakeKind.SHA256: N_("Use SHA-1."),
    MistakeKind.WRONG_APPID: N_("Give wx.config the appId of the account whose ticket signs."),
    MistakeKind.CONFIG_NAME: N_("Write the names as WeChat does: appId, timestamp, nonceStr, signature, jsApiList."),
    MistakeKind.CONFIG_MISSING: N_("Give it all of appId, timestamp, nonceStr, signature and jsApiList."),
    MistakeKind.CONFIG_EMPTY: N_("Look at what the server writes there."),
    MistakeKind.CONFIG_TEMPLATE: N_(
        "Paste the rendered page, which the browser shows with View source; if the place stands there too, have the "
        "server fill it in."
    ),
}
MISTAKES: Mapping[MistakeKind, tuple[str, str]] = {
    kind: (summary, _MISTAKE_ADVICE.get(kind, _SIGN_LIVE_URL)) for kind, summary in _MISTAKE_SUMMARIES.items()
}
