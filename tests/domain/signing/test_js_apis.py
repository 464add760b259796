from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS, search_names


def test_every_name_is_there_once() -> None:
    assert len(set(JS_APIS)) == len(JS_APIS)
    assert set(DEFAULT_JS_APIS) == {"updateAppMessageShareData", "updateTimelineShareData"}


def test_a_part_in_whatever_case_finds_it_and_beginnings_come_first() -> None:
    assert search_names(JS_APIS, "pay") == ("chooseWXPay",)
    assert search_names(JS_APIS, "CARD") == ("addCard", "chooseCard", "openCard", "consumeAndShareCard")
    assert search_names(JS_APIS, "open")[0] == "openLocation"
    assert search_names(JS_APIS, "menu hide") == ("hideOptionMenu", "hideMenuItems", "hideAllNonBaseMenuItem")
    assert search_names(OPEN_TAGS, "launch") == ("wx-open-launch-weapp", "wx-open-launch-app")


def test_no_word_finds_all_and_a_foreign_one_nothing() -> None:
    assert search_names(JS_APIS, " ") == JS_APIS
    assert search_names(JS_APIS, "支付") == ()
