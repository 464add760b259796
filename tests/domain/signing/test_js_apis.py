from guarddog_gui.domain.signing.js_apis import JS_APIS, OPEN_TAGS, USUAL_APIS, found


def test_every_name_is_there_once() -> None:
    assert len(set(JS_APIS)) == len(JS_APIS)
    assert set(USUAL_APIS) == {"updateAppMessageShareData", "updateTimelineShareData"}


def test_a_part_in_whatever_case_finds_it_and_beginnings_come_first() -> None:
    assert found(JS_APIS, "pay") == ("chooseWXPay",)
    assert found(JS_APIS, "CARD") == ("addCard", "chooseCard", "openCard", "consumeAndShareCard")
    assert found(JS_APIS, "open")[0] == "openLocation"
    assert found(JS_APIS, "menu hide") == ("hideOptionMenu", "hideMenuItems", "hideAllNonBaseMenuItem")
    assert found(OPEN_TAGS, "launch") == ("wx-open-launch-weapp", "wx-open-launch-app")


def test_no_word_finds_all_and_a_foreign_one_nothing() -> None:
    assert found(JS_APIS, " ") == JS_APIS
    assert found(JS_APIS, "支付") == ()
