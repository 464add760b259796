"""`diagnose`: the mistake in a signature named in words, from what lies on the disk."""

import io
import signal
from hashlib import sha1
from pathlib import Path
from urllib.parse import quote

import pytest

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.main import main
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import CliResult, InProcessCli
from tests.fakes import NOW

PAGE = "https://shop.example.cn/p/?id=1&from=timeline"
NONCE, TIME = "Wm3WZYTPz0wzccnW", str(int(NOW))
STRING = "jsapi_ticket={ticket}&noncestr={nonce}&timestamp={time}&url={url}"
OFFICIAL = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
TICKET_CALL = "/cgi-bin/ticket/getticket"


def signed(ticket: str, url: str = PAGE, *, nonce: str = NONCE, time: str = TIME, string: str = STRING) -> str:
    text = string.format(ticket=ticket, nonce=nonce, time=time, url=url)
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def options(signature: str) -> tuple[str, ...]:
    return ("--signature", signature, "--nonce", NONCE, "--timestamp", TIME)


def test_what_sign_makes_is_right(ctl_with_ticket: InProcessCli) -> None:
    page = ctl_with_ticket("sign", PAGE + "#/route", "--json").json

    ran = ctl_with_ticket(
        "diagnose", PAGE, "--signature", page["signature"], "--nonce", page["nonceStr"],
        "--timestamp", str(page["timestamp"]),
    )  # fmt: skip

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"The signature is right for `{PAGE}`.")


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
def test_the_commonest_mistakes_are_named(ctl_with_ticket: InProcessCli, mistake: str) -> None:
    stores = make_container(ctl_with_ticket.environ, ctl_with_ticket.clock)
    (account,) = stores.accounts.load()
    stores.replaced_tickets.add(account, "o" * 86, NOW - 3600)
    values = {"ticket": "", **TEN[mistake]}
    tickets = {
        "": ctl_with_ticket.stored_value("JSAPI_TICKET"),
        "old": "o" * 86,
        "token": ctl_with_ticket.stored_value(),
    }
    values["ticket"] = tickets[values["ticket"]]
    signature = signed(**values)
    calls = ctl_with_ticket.count_calls(TICKET_CALL)

    ran = ctl_with_ticket("diagnose", PAGE + "#/detail", *options(signature), "--json")
    said = ctl_with_ticket("diagnose", PAGE + "#/detail", *options(signature))

    assert (ran.exit_code, ran.stderr, said.exit_code) == (0, "", 0)
    assert [found["kind"] for found in ran.json["mistakes"]] == [mistake]
    assert ran.json["verdict"] == "mistakes"
    assert ran.json["mistakes"][0]["text"] in said.stdout
    assert ran.json["mistakes"][0]["todo"] in said.stdout
    assert ctl_with_ticket.count_calls(TICKET_CALL) == calls, "no network"
    for value in tickets.values():
        assert value not in ran.stdout + said.stdout


def test_the_wrong_url_is_said_beside_the_right_one(ctl_with_ticket: InProcessCli) -> None:
    wrong = "https://shop.example.cn/p?id=1"

    ran = ctl_with_ticket("diagnose", PAGE, *options(signed(ctl_with_ticket.stored_value("JSAPI_TICKET"), wrong)))

    assert ran.exit_code == 0
    verdict, *mistakes = ran.stdout.splitlines()
    assert verdict == f"You signed `{wrong}` but the page is `{PAGE}`."
    assert len(mistakes) == 2


def test_json_says_what_was_signed_and_with_what(ctl_with_ticket: InProcessCli) -> None:
    wrong = PAGE.replace("https", "http")
    fields = ctl_with_ticket(
        "diagnose", PAGE, *options(signed(ctl_with_ticket.stored_value("JSAPI_TICKET"), wrong)), "--json"
    ).json

    assert (fields["signed_url"], fields["page_url"]) == (wrong, PAGE)
    assert fields["ticket"]["source"] == "current"
    assert (fields["ticket"]["appid"], fields["ticket"]["account"]) == (ctl_with_ticket.shop.appid, "Shop")
    assert (fields["mistakes"][0]["signed"], fields["mistakes"][0]["meant"]) == ("http", "https")


def test_where_none_matches_it_says_what_was_ruled_out_and_what_to_check(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("diagnose", PAGE, *options("0" * 40))

    assert (ran.exit_code, ran.stderr) == (4, "")
    assert ran.stdout.startswith("None of ")
    assert "1. The jsapi_ticket may be one that Guard Dog does not know" in ran.stdout
    assert "Ruled out:\n  " in ran.stdout
    fields = ctl_with_ticket("diagnose", PAGE, *options("0" * 40), "--json").json
    assert fields["verdict"] == "none"
    assert [suspect["kind"] for suspect in fields["suspects"]] == ["ticket", "appid", "values", "page", "domain"]
    assert fields["tried"] == sum(fields["ruled_out"].values())


def test_it_speaks_chinese(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket("diagnose", PAGE, *options(signed(ctl_with_ticket.stored_value())), GUARDDOG_LANG="zh_CN")
    assert ran.stdout.startswith("签名时把 access_token 当成了 jsapi_ticket。")


def test_the_account_may_stand_behind_the_options(ctl_with_ticket: InProcessCli) -> None:
    other = ctl_with_ticket.wechat.accounts[1]
    assert ctl_with_ticket.add_account(other, "Café").exit_code == 0
    signature = signed(ctl_with_ticket.stored_value("JSAPI_TICKET"))

    assert ctl_with_ticket("diagnose", PAGE, *options(signature)).exit_code == 2, "which of the two?"
    assert ctl_with_ticket("diagnose", PAGE, *options(signature), "Shop", "--json").json["verdict"] == "right"
    assert ctl_with_ticket("diagnose", PAGE, "Shop", *options(signature), "--json").json["verdict"] == "right"
    fields = ctl_with_ticket("diagnose", PAGE, *options(signature), "Café", "--json").json
    assert [found["kind"] for found in fields["mistakes"]] == ["other-account"]
    assert ctl_with_ticket("diagnose", PAGE, *options(signature), "Shop", "more").exit_code == 2
    assert ctl_with_ticket("diagnose", PAGE, *options(signature), "nobody").exit_code == 3


# -- the ticket ------------------------------------------------------------------------------------


def test_a_stale_ticket_is_refreshed_and_recognised_as_the_one_that_was_signed_with(
    ctl_with_ticket: InProcessCli,
) -> None:
    before = ctl_with_ticket.stored_value("JSAPI_TICKET")
    ctl_with_ticket.clock.advance(7200)
    calls = ctl_with_ticket.count_calls(TICKET_CALL)

    ran = ctl_with_ticket("diagnose", PAGE, *options(signed(before)), "--json")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert [found["kind"] for found in ran.json["mistakes"]] == ["old-ticket"]
    assert ctl_with_ticket.count_calls(TICKET_CALL) == calls + 1
    assert ctl_with_ticket.stored_value("JSAPI_TICKET") != before


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault(FaultKind.ERRCODE, 40164), 4), (Fault(FaultKind.HTTP_STATUS, 503), 5)]
)
def test_without_a_live_ticket_the_old_values_are_tried_all_the_same(
    ctl_with_ticket: InProcessCli, fault: Fault, code: int
) -> None:
    before = ctl_with_ticket.stored_value("JSAPI_TICKET")
    ctl_with_ticket.clock.advance(7200)
    ctl_with_ticket.wechat.faults.add(fault, times=2)

    matched = ctl_with_ticket("diagnose", PAGE, *options(signed(before)), "--json")
    unmatched = ctl_with_ticket("diagnose", PAGE, *options("0" * 40))

    assert matched.exit_code == 0
    assert [found["kind"] for found in matched.json["mistakes"]] == ["old-ticket"]
    assert matched.stderr.strip()
    assert unmatched.exit_code == code, "the ticket that was not there may have been the one"
    assert unmatched.stdout.startswith("None of ")


def test_where_there_is_nothing_to_try_it_says_why(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    guarddogctl.dog_path().unlink()
    guarddogctl.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164))

    ran = guarddogctl("diagnose", PAGE, *options("0" * 40))

    assert (ran.exit_code, ran.stdout) == (4, "")
    assert "whitelist" in ran.stderr


def test_with_a_given_ticket_nothing_is_read_or_fetched(guarddogctl: InProcessCli) -> None:
    vector = (
        "diagnose", "http://mp.weixin.qq.com?params=value", "--nonce", NONCE, "--timestamp", "1414587457",
        "--signature", "0f9de62fce790f9a083d5c99e95740ceb90c27ed", "--ticket",
    )  # fmt: skip

    right, wrong = guarddogctl(*vector, OFFICIAL, "--json"), guarddogctl(*vector, "x" * 86)

    assert (right.exit_code, right.json["verdict"]) == (0, "right")
    assert right.json["ticket"]["source"] == "given"
    assert OFFICIAL not in right.stdout
    assert wrong.exit_code == 4
    assert not list((guarddogctl.home / "data").rglob("*.dog"))


def test_a_mini_program_has_no_pages_to_sign(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl("diagnose", PAGE, *options("0" * 40))

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "mini program" in ran.stderr


# -- the config ------------------------------------------------------------------------------------


def block(guarddogctl: InProcessCli, **more: str) -> str:
    fields = {"appId": guarddogctl.shop.appid, "timestamp": TIME, "nonceStr": NONCE, **more}
    return (
        "wx.config({"
        + ", ".join(f"{name}: '{text}'" for name, text in fields.items())
        + ", debug: true, jsApiList: []});"
    )


def test_a_block_can_be_pasted_or_lie_in_a_file(ctl_with_ticket: InProcessCli, tmp_path: Path) -> None:
    text = block(ctl_with_ticket, signature=signed(ctl_with_ticket.stored_value()))
    file = tmp_path / "block.js"
    file.write_bytes("// 订单页 ".encode("gbk") + b"\n" + text.encode())

    pasted = ctl_with_ticket("diagnose", PAGE, "--config", "-", "--json", stdin=text)
    lying = ctl_with_ticket("diagnose", PAGE, "--config", str(file), "--json")

    assert (pasted.exit_code, lying.exit_code) == (0, 0)
    assert pasted.json == lying.json
    assert [found["kind"] for found in pasted.json["mistakes"]] == ["access-token"]


def test_the_block_says_which_account_it_is(ctl_with_ticket: InProcessCli) -> None:
    ctl_with_ticket.add_account(ctl_with_ticket.wechat.accounts[1], "Café")
    text = block(ctl_with_ticket, signature=signed(ctl_with_ticket.stored_value("JSAPI_TICKET")))

    assert ctl_with_ticket("diagnose", PAGE, "--config", "-", "--json", stdin=text).json["verdict"] == "right"


def test_an_appid_that_is_not_the_accounts_is_named(ctl_with_ticket: InProcessCli) -> None:
    text = block(
        ctl_with_ticket, appId="wxffffffffffffffff", signature=signed(ctl_with_ticket.stored_value("JSAPI_TICKET"))
    )

    fields = ctl_with_ticket("diagnose", PAGE, "--config", "-", "--json", stdin=text).json

    assert [found["kind"] for found in fields["mistakes"]] == ["wrong-appid"]


def test_a_call_with_a_name_that_wechat_does_not_read_is_not_said_to_be_right(ctl_with_ticket: InProcessCli) -> None:
    text = block(ctl_with_ticket, signature=signed(ctl_with_ticket.stored_value("JSAPI_TICKET")))
    text = text.replace("appId", "appid")

    ran = ctl_with_ticket("diagnose", PAGE, "--config", "-", stdin=text)
    fields = ctl_with_ticket("diagnose", PAGE, "--config", "-", "--json", stdin=text).json

    assert ran.exit_code == 0, "the mistake was found"
    verdict, mistake = ran.stdout.splitlines()
    assert verdict == f"The signature is right for `{PAGE}`, but WeChat refuses this wx.config. Correct the following."
    assert mistake.startswith("wx.config has appid in place of appId, so WeChat answers config:fail. Write the names")
    assert (fields["verdict"], [found["kind"] for found in fields["mistakes"]]) == ("mistakes", ["config-name"])


def test_the_mistakes_of_a_call_stand_before_what_is_left_to_check(ctl_with_ticket: InProcessCli) -> None:
    text = block(ctl_with_ticket, signature="0" * 40).replace(", jsApiList: []", ", jsapiList: []")

    fields = ctl_with_ticket("diagnose", PAGE, "--config", "-", "--json", stdin=text).json
    ran = ctl_with_ticket("diagnose", PAGE, "--config", "-", stdin=text)

    assert ran.exit_code == 4
    assert ran.stdout.splitlines()[1].startswith("1. wx.config has jsapiList in place of jsApiList")
    assert [found["kind"] for found in fields["mistakes"]] == ["config-name"]
    assert {found["kind"] for found in fields["suspects"]} == {"ticket", "appid", "values", "page", "domain"}


def test_of_several_signatures_the_one_that_is_diagnosed_is_named(ctl_with_ticket: InProcessCli) -> None:
    right = signed(ctl_with_ticket.stored_value("JSAPI_TICKET"))
    text = block(ctl_with_ticket, signature=right) + block(ctl_with_ticket, signature="0" * 40)

    ran = ctl_with_ticket("diagnose", PAGE, "--config", "-", stdin=text)
    same = ctl_with_ticket("diagnose", PAGE, "--config", "-", stdin=block(ctl_with_ticket, signature=right) * 2)

    assert ran.stderr == f"The text has several signatures; this one is diagnosed: {right}\n"
    assert same.stderr == ""


def test_a_signature_that_a_chat_has_wrapped_is_joined(ctl_with_ticket: InProcessCli) -> None:
    right = signed(ctl_with_ticket.stored_value("JSAPI_TICKET"))
    wrapped = f"{right[:20]}\r\n{right[20:]}"
    text = block(ctl_with_ticket, signature=wrapped)
    given = ("--signature", wrapped, "--nonce", NONCE, "--timestamp", TIME)

    assert ctl_with_ticket("diagnose", PAGE, "--config", "-", "--json", stdin=text).json["verdict"] == "right"
    assert ctl_with_ticket("diagnose", PAGE, *given, "--json").json["verdict"] == "right"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"wx.chooseWXPay({{timestamp: 1, nonceStr: '{NONCE}', paySign: '{'0' * 40}'}})", "merchant's API key"),
        (f"GET /wx?signature={'0' * 40}&timestamp={TIME}&nonce=17{TIME}&echostr=58", "Token that you set"),
        (f"wx.config({{timestamp: {TIME}, nonceStr: '{{{{ n }}}}', signature: '{'0' * 40}'}})", "The nonceStr in this"),
    ],
)
def test_what_is_no_rendered_config_is_named(ctl_with_ticket: InProcessCli, text: str, said: str) -> None:
    ran = ctl_with_ticket("diagnose", PAGE, "--config", "-", stdin=text)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_what_is_typed_goes_before_what_is_pasted(ctl_with_ticket: InProcessCli) -> None:
    text = block(ctl_with_ticket, nonceStr="another", signature=signed(ctl_with_ticket.stored_value("JSAPI_TICKET")))

    ran = ctl_with_ticket("diagnose", PAGE, "--config", "-", "--nonce", NONCE, "--json", stdin=text)

    assert ran.json["verdict"] == "right"


def test_the_entry_of_a_single_page_app_is_tried(ctl_with_ticket: InProcessCli) -> None:
    entry = "https://shop.example.cn/catalogue-7"
    signature = signed(ctl_with_ticket.stored_value("JSAPI_TICKET"), entry)

    assert ctl_with_ticket("diagnose", PAGE, *options(signature)).exit_code == 4
    ran = ctl_with_ticket("diagnose", PAGE, *options(signature), "--entry-url", entry + "#/start")
    assert ran.exit_code == 0
    assert "On iOS that is right" in ran.stdout


def test_a_word_in_place_of_the_ticket_is_named_and_no_ticket_is_shown(ctl_with_ticket: InProcessCli) -> None:
    fields = ctl_with_ticket("diagnose", PAGE, *options(signed("undefined", PAGE)), "--json").json

    assert [(mistake["kind"], mistake["signed"]) for mistake in fields["mistakes"]] == [("no-ticket", "undefined")]
    assert fields["ticket"] is None


def test_a_given_ticket_is_not_the_first_to_check(ctl_with_ticket: InProcessCli) -> None:
    fields = ctl_with_ticket("diagnose", PAGE, *options("0" * 40), "--ticket", "t" * 86, "--json").json
    assert [suspect["kind"] for suspect in fields["suspects"]] == ["values", "page", "given-ticket", "domain", "appid"]


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
        ((PAGE, *options("0" * 40), "--ticket", ""), "no jsapi_ticket in this text"),
        ((PAGE, "--config", "-"), "There is no wx.config in this text"),
    ],
)
def test_bad_input_is_one_clear_sentence(ctl_with_ticket: InProcessCli, argv: tuple[str, ...], words: str) -> None:
    ctl_with_ticket.clock.advance(7200)
    calls = ctl_with_ticket.count_calls(TICKET_CALL)

    ran = ctl_with_ticket("diagnose", *argv)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert ctl_with_ticket.count_calls(TICKET_CALL) == calls


def test_variables_in_place_of_values_are_told_apart(ctl_with_ticket: InProcessCli) -> None:
    ran = ctl_with_ticket(
        "diagnose", PAGE, "--config", "-", stdin="wx.config({signature: d.sign, nonceStr: d.n, timestamp: d.t})"
    )

    assert ran.exit_code == 2
    assert "names of variables" in ran.stderr


def test_a_file_that_is_not_there_is_seven(ctl_with_ticket: InProcessCli, tmp_path: Path) -> None:
    ran = ctl_with_ticket("diagnose", PAGE, "--config", str(tmp_path / "none.js"))

    assert (ran.exit_code, ran.stdout) == (7, "")
    assert "no such file" in ran.stderr


# -- progress --------------------------------------------------------------------------------------


class TerminalStream(io.StringIO):
    """A terminal for words."""

    def isatty(self) -> bool:
        return True


def run_at(screen: io.StringIO, guarddogctl: InProcessCli) -> CliResult:
    out = io.StringIO()
    terminal = Terminal(
        guarddogctl.environ, io.StringIO(), out, screen, guarddogctl.clock, secret_store=guarddogctl.secrets
    )
    code = main(["diagnose", PAGE, *options("0" * 40)], terminal)
    return CliResult(code, out.getvalue(), screen.getvalue())


def test_a_person_sees_how_far_it_is_and_a_file_does_not(ctl_with_ticket: InProcessCli) -> None:
    person, file = run_at(TerminalStream(), ctl_with_ticket), run_at(io.StringIO(), ctl_with_ticket)

    assert "\r100% of the variants tried" in person.stderr
    assert person.stderr.count("%") > 5
    assert person.stderr.endswith("\r\033[K"), "the line is gone at the end"
    assert "\n" not in person.stderr
    assert file.stderr == ""
    assert person.stdout == file.stdout
    assert person.exit_code == file.exit_code == 4


class Impatient(TerminalStream):
    """A person who ends it as soon as something is seen."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        if "%" in text:
            signal.raise_signal(self.number)
        return super().write(text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_it_is_told_to(ctl_with_ticket: InProcessCli, number: int) -> None:
    before = signal.getsignal(number)

    ran = run_at(Impatient(number), ctl_with_ticket)

    assert (ran.exit_code, ran.stdout) == (130, "")
    assert ran.stderr.count("%") == 1
    assert ran.stderr.endswith("\r\033[K\n")
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("option", ["--ticket", "--config"])
def test_another_token_in_place_of_the_ticket_or_config_is_named(
    ctl_with_ticket: InProcessCli, tmp_path: Path, option: str
) -> None:
    text = '{"session_key":"tiihtNczf5v6AKRyjwEUhQ==","openid":"oLVPpjqs9BhvzwPj5A"}'
    file = tmp_path / "block.txt"
    file.write_text(text, encoding="utf-8")
    given = options("0" * 40) if option == "--ticket" else ()

    ran = ctl_with_ticket("diagnose", PAGE, *given, option, text if option == "--ticket" else str(file))

    assert ran.exit_code == 2
    assert "session_key of a mini-program login" in ran.stderr
    assert "tiiht" not in ran.stderr
