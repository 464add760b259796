"""Texts about the entries of the lists of all errcodes."""

from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcode_lists import ListedErrcode
from guarddog_gui.services.messages.wechat.listed_errcodes import listed_details, listed_heading, topic_name
from tests.errcode_catalogue import CATALOGUE
from tests.services.messages.languages import ENGLISH as MESSAGES


def one(code: int, host: ErrcodeHost) -> ListedErrcode:
    (entry,) = CATALOGUE.lists.find(code, host)
    return entry


def test_an_entry_says_its_area_its_host_and_what_the_lists_have() -> None:
    entry = one(40037, ErrcodeHost.API)
    assert topic_name(entry, MESSAGES) == "templates"
    assert listed_heading(entry, MESSAGES) == "templates · api.weixin.qq.com"
    assert MESSAGES.listed_meaning(entry) == "The template ID does not exist or belongs to another account."
    assert listed_details(entry, MESSAGES)[0] == "errmsg: invalid template_id"
    assert listed_details(entry, MESSAGES)[-1].startswith("Listed for: ")


def test_a_doubtful_entry_is_introduced_as_listed() -> None:
    entry = one(40081, ErrcodeHost.API)
    assert MESSAGES.listed_meaning(entry).startswith("Listed as: ")
    assert listed_details(entry, MESSAGES)[-1] == "Only one public list has this number."
    differing = one(89250, ErrcodeHost.API)
    assert listed_details(differing, MESSAGES)[-1] == "The public lists do not agree about this number."


def test_a_remedy_takes_the_place_of_the_cause() -> None:
    details = listed_details(one(40003, ErrcodeHost.WORK), MESSAGES)
    assert any(line.startswith("Check the spelling of the userid") for line in details)
    assert not any("1 to 64" in line for line in details)
