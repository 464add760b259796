"""Names of JS APIs, and their search."""

from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS, search_names


def test_every_name_is_there_once() -> None:
    assert len(set(JS_APIS)) == len(JS_APIS)
    assert set(DEFAULT_JS_APIS) == {"updateAppMessageShareData", "updateTimelineShareData"}


def test_search_ignores_case_and_puts_beginnings_first() -> None:
    assert search_names(JS_APIS, "pay") == ("chooseWXPay",)
    assert search_names(JS_APIS, "CARD") == ("addCard", "chooseCard", "openCard", "consumeAndShareCard")
    assert search_names(JS_APIS, "open")[0] == "openLocation"
    assert search_names(JS_APIS, "menu hide") == ("hideOptionMenu", "hideMenuItems", "hideAllNonBaseMenuItem")
    assert search_names(OPEN_TAGS, "launch") == ("wx-open-launch-weapp", "wx-open-launch-app")


def test_an_empty_query_finds_all_and_an_unknown_one_nothing() -> None:
    assert search_names(JS_APIS, " ") == JS_APIS
    assert search_names(JS_APIS, "支付") == ()
