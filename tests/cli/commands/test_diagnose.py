"""`diagnose`: the mistake in a signature named in words, from what lies on the disk."""

import io
import signal
from hashlib import sha1
from pathlib import Path
from urllib.parse import quote

import pytest

from guarddog_gui.bootstrap.container import open_stores
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.main import main
from guarddog_gui.sandbox.faults.fault import Fault, How
from tests.cli.conftest import Ran, Shell
from tests.fakes import NOW

PAGE = "https://shop.example.cn/p/?id=1&from=timeline"
NONCE, TIME = "Wm3WZYTPz0wzccnW", str(int(NOW))
STRING = "jsapi_ticket={ticket}&noncestr={nonce}&timestamp={time}&url={url}"
OFFICIAL = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


def signed(
    ticket: str, url: str = PAGE, *, nonce: str = NONCE, time: str = TIME, string: str = STRING
) -> str:
    text = string.format(ticket=ticket, nonce=nonce, time=time, url=url)
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def options(signature: str) -> tuple[str, ...]:
    return ("--signature", signature, "--nonce", NONCE, "--timestamp", TIME)


def asked(shell: Shell) -> int:
    return shell.wechat.rules.used(shell.shop.appid, "/cgi-bin/ticket/getticket")


@pytest.fixture
def shell(guarddogctl: Shell) -> Shell:
    """With one account, whose ticket is fresh."""
    assert guarddogctl.add().code == 0
    assert guarddogctl("token", "--key", "JSAPI_TICKET").code == 0
    return guarddogctl


def test_what_sign_makes_is_right(shell: Shell) -> None:
    page = shell("sign", PAGE + "#/route", "--json").json

    ran = shell(
        "diagnose", PAGE, "--signature", page["signature"], "--nonce", page["nonceStr"],
        "--timestamp", str(page["timestamp"]),
    )  # fmt: skip

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"The signature is right for `{PAGE}`.")


TEN = {
    "fragment": {"url": PAGE + "#/detail"},
    "slash-missing": {"url": PAGE.replace("/?", "?")},
    "http": {"url": PAGE.replace("https", "http")},
    "encoded": {"url": quote(PAGE, safe="")},
    "share-missing": {"url": PAGE.replace("&from=timeline", "")},
    "time-ms": {"time": TIME + "417"},
    "nonce-name": {"string": STRING.replace("noncestr", "nonceStr")},
    "nonce-case": {"nonce": NONCE.lower()},
    "times-sign": {"string": STRING.replace("&times", "×")},
    "old-ticket": {"ticket": "old"},
    "access-token": {"ticket": "token"},
}


@pytest.mark.parametrize("mistake", TEN)
def test_the_commonest_mistakes_are_named(shell: Shell, mistake: str) -> None:
    stores = open_stores(shell.environ, shell.clock)
    (account,) = stores.accounts.accounts()
    stores.tickets.keep(account, "o" * 86, NOW - 3600)
    values = {"ticket": "", **TEN[mistake]}
    tickets = {"": shell.value("JSAPI_TICKET"), "old": "o" * 86, "token": shell.value()}
    values["ticket"] = tickets[values["ticket"]]
    signature = signed(**values)
    calls = asked(shell)

    ran = shell("diagnose", PAGE + "#/detail", *options(signature), "--json")
    said = shell("diagnose", PAGE + "#/detail", *options(signature))

    assert (ran.code, ran.err, said.code) == (0, "", 0)
    assert [found["kind"] for found in ran.json["mistakes"]] == [mistake]
    assert ran.json["verdict"] == "mistakes"
    assert ran.json["mistakes"][0]["text"] in said.out
    assert ran.json["mistakes"][0]["todo"] in said.out
    assert asked(shell) == calls, "no network"
    for value in tickets.values():
        assert value not in ran.out + said.out


def test_the_wrong_url_is_said_beside_the_right_one(shell: Shell) -> None:
    wrong = "https://shop.example.cn/p?id=1"

    ran = shell("diagnose", PAGE, *options(signed(shell.value("JSAPI_TICKET"), wrong)))

    assert ran.code == 0
    verdict, *mistakes = ran.out.splitlines()
    assert verdict == f"You signed `{wrong}` but the page is `{PAGE}`."
    assert len(mistakes) == 2


def test_json_says_what_was_signed_and_with_what(shell: Shell) -> None:
    wrong = PAGE.replace("https", "http")
    fields = shell("diagnose", PAGE, *options(signed(shell.value("JSAPI_TICKET"), wrong)), "--json").json

    assert (fields["signed_url"], fields["page_url"]) == (wrong, PAGE)
    assert fields["ticket"]["source"] == "current"
    assert (fields["ticket"]["appid"], fields["ticket"]["account"]) == (shell.shop.appid, "Shop")
    assert (fields["mistakes"][0]["signed"], fields["mistakes"][0]["meant"]) == ("http", "https")


def test_where_none_matches_it_says_what_was_ruled_out_and_what_to_check(shell: Shell) -> None:
    ran = shell("diagnose", PAGE, *options("0" * 40))

    assert (ran.code, ran.err) == (4, "")
    assert ran.out.startswith("None of ")
    assert "1. The jsapi_ticket may be one that Guard Dog does not know" in ran.out
    assert "Ruled out:\n  " in ran.out
    fields = shell("diagnose", PAGE, *options("0" * 40), "--json").json
    assert fields["verdict"] == "none"
    assert [suspect["kind"] for suspect in fields["suspects"]] == [
        "ticket",
        "appid",
        "values",
        "page",
        "domain",
    ]
    assert fields["tried"] == sum(fields["ruled_out"].values())


def test_it_speaks_chinese(shell: Shell) -> None:
    ran = shell("diagnose", PAGE, *options(signed(shell.value())), GUARDDOG_LANG="zh_CN")
    assert ran.out.startswith("签名时把 access_token 当成了 jsapi_ticket。")


def test_the_account_may_stand_behind_the_options(shell: Shell) -> None:
    other = shell.wechat.accounts[1]
    assert shell.add(other, "Café").code == 0
    signature = signed(shell.value("JSAPI_TICKET"))

    assert shell("diagnose", PAGE, *options(signature)).code == 2, "which of the two?"
    assert shell("diagnose", PAGE, *options(signature), "Shop", "--json").json["verdict"] == "right"
    assert shell("diagnose", PAGE, "Shop", *options(signature), "--json").json["verdict"] == "right"
    fields = shell("diagnose", PAGE, *options(signature), "Café", "--json").json
    assert [found["kind"] for found in fields["mistakes"]] == ["other-account"]
    assert shell("diagnose", PAGE, *options(signature), "Shop", "more").code == 2
    assert shell("diagnose", PAGE, *options(signature), "nobody").code == 3


# -- the ticket ------------------------------------------------------------------------------------


def test_a_stale_ticket_is_refreshed_and_recognised_as_the_one_that_was_signed_with(shell: Shell) -> None:
    before = shell.value("JSAPI_TICKET")
    shell.clock.advance(7200)
    calls = asked(shell)

    ran = shell("diagnose", PAGE, *options(signed(before)), "--json")

    assert (ran.code, ran.err) == (0, "")
    assert [found["kind"] for found in ran.json["mistakes"]] == ["old-ticket"]
    assert asked(shell) == calls + 1
    assert shell.value("JSAPI_TICKET") != before


@pytest.mark.parametrize(("fault", "code"), [(Fault(How.ERRCODE, 40164), 4), (Fault(How.HTTP, 503), 5)])
def test_without_a_live_ticket_the_old_values_are_tried_all_the_same(
    shell: Shell, fault: Fault, code: int
) -> None:
    before = shell.value("JSAPI_TICKET")
    shell.clock.advance(7200)
    shell.wechat.faults.fail(fault, times=2)

    matched = shell("diagnose", PAGE, *options(signed(before)), "--json")
    unmatched = shell("diagnose", PAGE, *options("0" * 40))

    assert matched.code == 0
    assert [found["kind"] for found in matched.json["mistakes"]] == ["old-ticket"]
    assert matched.err.strip()
    assert unmatched.code == code, "the ticket that was not there may have been the one"
    assert unmatched.out.startswith("None of ")


def test_where_there_is_nothing_to_try_it_says_why(guarddogctl: Shell) -> None:
    guarddogctl.add()
    guarddogctl.dog().unlink()
    guarddogctl.wechat.faults.fail(Fault(How.ERRCODE, 40164))

    ran = guarddogctl("diagnose", PAGE, *options("0" * 40))

    assert (ran.code, ran.out) == (4, "")
    assert "whitelist" in ran.err


def test_with_a_given_ticket_nothing_is_read_or_fetched(guarddogctl: Shell) -> None:
    vector = (
        "diagnose", "http://mp.weixin.qq.com?params=value", "--nonce", NONCE, "--timestamp", "1414587457",
        "--signature", "0f9de62fce790f9a083d5c99e95740ceb90c27ed", "--ticket",
    )  # fmt: skip

    right, wrong = guarddogctl(*vector, OFFICIAL, "--json"), guarddogctl(*vector, "x" * 86)

    assert (right.code, right.json["verdict"]) == (0, "right")
    assert right.json["ticket"]["source"] == "given"
    assert OFFICIAL not in right.out
    assert wrong.code == 4
    assert not list((guarddogctl.home / "data").rglob("*.dog"))


def test_a_mini_program_has_no_pages_to_sign(guarddogctl: Shell) -> None:
    guarddogctl.add(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl("diagnose", PAGE, *options("0" * 40))

    assert (ran.code, ran.out) == (3, "")
    assert "mini program" in ran.err


# -- the config ------------------------------------------------------------------------------------


def block(shell: Shell, **more: str) -> str:
    fields = {"appId": shell.shop.appid, "timestamp": TIME, "nonceStr": NONCE, **more}
    return (
        "wx.config({" + ", ".join(f"{name}: '{text}'" for name, text in fields.items()) + ", debug: true});"
    )


def test_a_block_can_be_pasted_or_lie_in_a_file(shell: Shell, tmp_path: Path) -> None:
    text = block(shell, signature=signed(shell.value()))
    file = tmp_path / "block.js"
    file.write_bytes("// 订单页 ".encode("gbk") + b"\n" + text.encode())

    pasted = shell("diagnose", PAGE, "--config", "-", "--json", stdin=text)
    lying = shell("diagnose", PAGE, "--config", str(file), "--json")

    assert (pasted.code, lying.code) == (0, 0)
    assert pasted.json == lying.json
    assert [found["kind"] for found in pasted.json["mistakes"]] == ["access-token"]


def test_the_block_says_which_account_it_is(shell: Shell) -> None:
    shell.add(shell.wechat.accounts[1], "Café")
    text = block(shell, signature=signed(shell.value("JSAPI_TICKET")))

    assert shell("diagnose", PAGE, "--config", "-", "--json", stdin=text).json["verdict"] == "right"


def test_an_appid_that_is_not_the_accounts_is_named(shell: Shell) -> None:
    text = block(shell, appId="wxffffffffffffffff", signature=signed(shell.value("JSAPI_TICKET")))

    fields = shell("diagnose", PAGE, "--config", "-", "--json", stdin=text).json

    assert [found["kind"] for found in fields["mistakes"]] == ["wrong-appid"]


def test_what_is_typed_goes_before_what_is_pasted(shell: Shell) -> None:
    text = block(shell, nonceStr="another", signature=signed(shell.value("JSAPI_TICKET")))

    ran = shell("diagnose", PAGE, "--config", "-", "--nonce", NONCE, "--json", stdin=text)

    assert ran.json["verdict"] == "right"


def test_the_entry_of_a_single_page_app_is_tried(shell: Shell) -> None:
    entry = "https://shop.example.cn/home"
    signature = signed(shell.value("JSAPI_TICKET"), entry)

    assert shell("diagnose", PAGE, *options(signature)).code == 4
    ran = shell("diagnose", PAGE, *options(signature), "--entry-url", entry + "#/start")
    assert ran.code == 0
    assert "On iOS that is right" in ran.out


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("", *options("0" * 40)), "no address"),
        (("p.html", *options("0" * 40)), "not a full address"),
        (("ftp://a.cn/", *options("0" * 40)), "Only https:// and http://"),
        (("https://a.cn/" + "x" * 100_000, *options("0" * 40)), "too long"),
        ((PAGE, *options("0" * 39)), "no signature: it has to be 40"),
        ((PAGE, *options("")), "no signature to look into"),
        ((PAGE,), "no signature to look into"),
        ((PAGE, "--signature", "0" * 40, "--timestamp", "1"), "There is no nonce"),
        ((PAGE, "--signature", "0" * 40, "--nonce", "n"), "There is no timestamp"),
        ((PAGE, "--signature", "0" * 40, "--nonce", "n", "--timestamp", "now"), "no timestamp: it has to be"),
        ((PAGE, *options("0" * 40), "--entry-url", "home"), "entered is not that of a page"),
        ((PAGE, *options("0" * 40), "--ticket", ""), "no ticket to try"),
        ((PAGE, "--config", "-"), "There is no wx.config in this text"),
    ],
)
def test_bad_input_is_one_clear_sentence(shell: Shell, argv: tuple[str, ...], words: str) -> None:
    shell.clock.advance(7200)
    calls = asked(shell)

    ran = shell("diagnose", *argv)

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert asked(shell) == calls


def test_variables_in_place_of_values_are_told_apart(shell: Shell) -> None:
    ran = shell(
        "diagnose",
        PAGE,
        "--config",
        "-",
        stdin="wx.config({signature: d.sign, nonceStr: d.n, timestamp: d.t})",
    )

    assert ran.code == 2
    assert "names of variables" in ran.err


def test_a_file_that_is_not_there_is_seven(shell: Shell, tmp_path: Path) -> None:
    ran = shell("diagnose", PAGE, "--config", str(tmp_path / "none.js"))

    assert (ran.code, ran.out) == (7, "")
    assert "no such file" in ran.err


# -- progress --------------------------------------------------------------------------------------


class Screen(io.StringIO):
    """A terminal for words."""

    def isatty(self) -> bool:
        return True


def run_at(screen: io.StringIO, shell: Shell) -> Ran:
    out = io.StringIO()
    terminal = Terminal(shell.environ, io.StringIO(), out, screen, shell.clock, secrets=shell.secrets)
    code = main(["diagnose", PAGE, *options("0" * 40)], terminal)
    return Ran(code, out.getvalue(), screen.getvalue())


def test_a_person_sees_how_far_it_is_and_a_file_does_not(shell: Shell) -> None:
    person, file = run_at(Screen(), shell), run_at(io.StringIO(), shell)

    assert "\r100% of the variants tried" in person.err
    assert person.err.count("%") > 5
    assert person.err.endswith("\r\033[K"), "the line is gone at the end"
    assert "\n" not in person.err
    assert file.err == ""
    assert person.out == file.out
    assert person.code == file.code == 4


class Impatient(Screen):
    """A person who ends it as soon as something is seen."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        if "%" in text:
            signal.raise_signal(self.number)
        return super().write(text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_it_is_told_to(shell: Shell, number: int) -> None:
    before = signal.getsignal(number)

    ran = run_at(Impatient(number), shell)

    assert (ran.code, ran.out) == (130, "")
    assert ran.err.count("%") == 1
    assert ran.err.endswith("\r\033[K\n")
    assert signal.getsignal(number) == before
