"""Adding, listing and removing accounts from a terminal."""

import json
import re
import shlex
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.recent_urls import RecentUrlFile
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Stored, Unavailable
from guarddog_gui.sandbox.faults.fault import Fault, How
from tests.cli.conftest import Shell

SECRET = "0123456789abcdef0123456789abcdef"


def test_adding_an_account_tries_it_and_says_the_verdict(guarddogctl: Shell) -> None:
    ran = guarddogctl.add()

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "AppID and AppSecret work.\nShop is saved.\n"
    assert guarddogctl.secrets.stored[guarddogctl.shop.appid].reveal() == guarddogctl.shop.secret


def test_the_token_of_the_check_is_not_thrown_away(guarddogctl: Shell) -> None:
    guarddogctl.add()
    calls = guarddogctl.wechat.rules.used(guarddogctl.shop.appid, "/cgi-bin/stable_token")

    assert guarddogctl("token").out.strip() == guarddogctl.value()
    assert guarddogctl.wechat.rules.used(guarddogctl.shop.appid, "/cgi-bin/stable_token") == calls


def test_without_secret_stdin_the_secret_is_asked_for_unseen(guarddogctl: Shell) -> None:
    guarddogctl.typed = f" {guarddogctl.shop.secret} "

    ran = guarddogctl("accounts", "add", "--appid", guarddogctl.shop.appid, "--name", "Shop")

    assert ran.code == 0
    assert guarddogctl.asked == "AppSecret of Shop (not shown): "
    assert guarddogctl.shop.secret not in ran.out + ran.err


def test_where_nobody_can_be_asked_it_names_the_other_way(guarddogctl: Shell) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "Shop")

    assert ran.code == 2
    assert "--secret-stdin" in ran.err


def test_there_is_no_argument_for_a_secret(guarddogctl: Shell) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "Shop", "--secret", "x")

    assert ran.code == 2


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (Fault(How.ERRCODE, 40013), 4, "(40013)"),
        (Fault(How.ERRCODE, 40125), 4, "(40125)"),
        (Fault(How.ERRCODE, 40164), 4, "127.0.0.1"),
        (Fault(How.ERRCODE, 40243), 4, "frozen"),
        (Fault(How.ERRCODE, 89503), 4, "(89503)"),
        (Fault(How.ERRCODE, -1), 5, "(-1)"),
        (Fault(How.ERRCODE, 45009), 5, "(45009)"),
        (Fault(How.ERRCODE, 55555), 5, "55555"),
        (Fault(How.HTTP, 502), 5, "502"),
        (Fault(How.RESET), 5, "WeChat"),
        (Fault(How.HTML), 5, "login"),
        (Fault(How.REDIRECT), 5, "another address"),
    ],
)
def test_a_failed_check_saves_nothing_and_ends_by_its_kind(
    guarddogctl: Shell, fault: Fault, code: int, words: str
) -> None:
    guarddogctl.wechat.faults.fail(fault)

    ran = guarddogctl.add()

    assert ran.code == code
    assert words in ran.err
    assert "Shop is not saved." in ran.err
    assert ran.out == ""
    assert guarddogctl.secrets.stored == {}
    assert guarddogctl("accounts", "list", "--json").json == []


def test_a_wrong_secret_is_said_so_and_the_secret_is_not_shown(guarddogctl: Shell) -> None:
    wrong = "0123456789abcdef0123456789abcdef"

    ran = guarddogctl(
        "accounts", "add", "--appid", guarddogctl.shop.appid, "--name", "Shop", "--secret-stdin", stdin=wrong
    )

    assert ran.code == 4
    assert "AppSecret" in ran.err
    assert wrong not in ran.out + ran.err


def test_no_network_at_all_is_try_later(guarddogctl: Shell) -> None:
    guarddogctl.wechat.stop()

    ran = guarddogctl.add()

    assert ran.code == 5
    assert "cannot reach WeChat" in ran.err


def test_with_no_check_it_is_saved_unseen(guarddogctl: Shell) -> None:
    guarddogctl.wechat.stop()

    ran = guarddogctl.add(None, "Shop", "--no-check")

    assert (ran.code, ran.out) == (0, "Shop is saved.\n")


@pytest.mark.parametrize("answer", [Locked(), Unavailable("no bus"), Lost()])
def test_a_keyring_that_does_not_take_it_ends_with_six(
    guarddogctl: Shell, answer: Locked | Unavailable | Lost
) -> None:
    guarddogctl.secrets.keeps = answer

    ran = guarddogctl.add()

    assert ran.code == 6
    assert "Shop is not saved." in ran.err
    assert guarddogctl("accounts", "list", "--json").json == []


def test_a_folder_that_cannot_be_made_ends_with_seven_and_the_keyring_is_as_before(
    guarddogctl: Shell,
) -> None:
    (guarddogctl.home / "config").write_text("a file in its place")

    ran = guarddogctl.add()

    assert ran.code == 7
    assert str(guarddogctl.home / "config") in ran.err
    assert guarddogctl.secrets.stored == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--appid", "not an appid", "--name", "Shop"), "AppID"),
        (("--appid", "wx1", "--name", " "), "name"),
        (("--appid", "wx1", "--name", ""), "name"),
        (("--appid", "wx1"), "--name"),
        (("--appid", "wx../x", "--name", "Shop"), "AppID"),
        (("--appid", "wx1", "--name", "Shop", "--dog-dir", "/"), "root"),
        (
            ("--appid", "wx1", "--name", "Shop", "--platform", "mini-program", "--card-ticket"),
            "Leave --card-ticket out.",
        ),
        (("--appid", "wx1", "--name", "Shop", "--ahead", "300"), "290"),
        (("--appid", "wx1", "--name", "Shop", "--endpoint", "classic", "--ahead", "3601"), "3600"),
        (("--appid", "wx1", "--name", "Shop", "--js-domain", "https://a.cn"), "https://"),
        (("--appid", "wx1", "--name", "Shop", "--js-domain", "a.cn", "--js-domain", "b.cn:80"), "port"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_the_secret_is_asked_for(
    guarddogctl: Shell, arguments: tuple[str, ...], words: str
) -> None:
    guarddogctl.typed = "x"

    ran = guarddogctl("accounts", "add", *arguments)

    assert ran.code == 2
    assert words in ran.err
    assert guarddogctl.asked == ""


def test_an_empty_folder_is_the_way_back_to_the_usual_one(guarddogctl: Shell, tmp_path: Path) -> None:
    guarddogctl.add(None, "Shop", "--dog-dir", str(tmp_path / "own"))
    guarddogctl.add(None, "Shop")  # nothing is said of it
    assert (tmp_path / "own" / "ACCESS_TOKEN.dog").exists()
    assert not guarddogctl.dog().exists()

    ran = guarddogctl.add(None, "Shop", "--dog-dir", "")

    assert ran.code == 0
    assert guarddogctl("accounts", "list", "--json").json[0]["dog_dir"] is None
    assert guarddogctl.dog().exists()


@pytest.mark.parametrize("secret", ["", "\n", "two words", "汉字", "a" * 300])
def test_what_cannot_be_a_secret_is_refused_and_not_repeated(guarddogctl: Shell, secret: str) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "S", "--secret-stdin", stdin=secret)

    assert ran.code == 4
    assert "AppSecret" in ran.err
    assert not secret.strip() or secret not in ran.err


def test_a_windows_shell_may_put_a_mark_before_the_secret(guarddogctl: Shell) -> None:
    shop = guarddogctl.shop

    ran = guarddogctl(
        "accounts", "add", "--appid", shop.appid, "--name", "Shop", "--secret-stdin",
        stdin=f"\ufeff{shop.secret}\r\n",
    )  # fmt: skip

    assert ran.code == 0


def test_the_classic_endpoint_comes_with_a_warning(guarddogctl: Shell) -> None:
    ran = guarddogctl.add(None, "Shop", "--endpoint", "classic")

    assert ran.code == 0
    assert "five minutes" in ran.err


def test_every_choice_is_kept_and_a_relative_folder_becomes_a_full_path(
    guarddogctl: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(guarddogctl.home)

    guarddogctl.add(None, "Shop", "--endpoint", "classic", "--ahead", "600", "--dog-dir", "here")

    assert guarddogctl("accounts", "list", "--json").json == [
        {
            "appid": guarddogctl.shop.appid,
            "name": "Shop",
            "platform": "official",
            "endpoint": "classic",
            "dog_dir": str(guarddogctl.home / "here"),
            "ahead": 600,
            "card_ticket": False,
            "js_domains": [],
            "outlets": [],
        }
    ]


def test_adding_a_known_appid_changes_what_is_named_and_keeps_the_rest(guarddogctl: Shell) -> None:
    guarddogctl.add(None, "Shop", "--ahead", "100")

    guarddogctl.add(None, "Shop B")

    (account,) = guarddogctl("accounts", "list", "--json").json
    assert (account["name"], account["ahead"]) == ("Shop B", 100)


def test_what_another_account_has_is_for_a_person_to_settle(guarddogctl: Shell, tmp_path: Path) -> None:
    guarddogctl.add(None, "Shop", "--dog-dir", str(tmp_path), "--write-env", str(tmp_path / ".env"))
    other = guarddogctl.wechat.accounts[1]

    taken = guarddogctl.add(other, "Other", "--dog-dir", str(tmp_path))
    written = guarddogctl.add(other, "Other", "--write-env", str(tmp_path / ".env"))

    assert (taken.code, written.code) == (4, 4)
    assert "taken over" not in taken.err
    assert "takes it over" not in taken.err


def test_a_known_account_keeps_its_name_where_none_is_named(guarddogctl: Shell) -> None:
    guarddogctl.add(guarddogctl.shop, """He said "$(reboot)" """)
    shop = guarddogctl.shop

    hint = guarddogctl("token", "--key", "CARD_TICKET").err
    (line,) = re.findall(r"guarddogctl (accounts add [^\n]*)", hint)
    ran = guarddogctl(*shlex.split(line), "--secret-stdin", stdin=shop.secret)

    assert ran.code == 0
    (account,) = guarddogctl("accounts", "list", "--json").json
    assert (account["name"], account["card_ticket"]) == ("""He said "$(reboot)" """, True)


def test_a_mini_program_that_is_known_gets_no_ticket_for_cards(guarddogctl: Shell) -> None:
    guarddogctl.add(guarddogctl.mini, "Mini", "--platform", "mini-program")

    assert guarddogctl.add(guarddogctl.mini, "Mini", "--card-ticket").code == 2
    assert guarddogctl.add(guarddogctl.mini, "Mini", "--no-card-ticket").code == 0


def test_an_account_without_a_letter_is_said_to_be_empty(guarddogctl: Shell) -> None:
    ran = guarddogctl("token", "")

    assert ran.code == 3
    assert ran.err.startswith("The account that is named is empty: “”. ")
    assert "No account is called “Nobody”." in guarddogctl("token", "Nobody").err


def test_the_ticket_for_cards_is_switched_on_and_off_and_stays_where_it_is_not_named(
    guarddogctl: Shell,
) -> None:
    for arguments, kept in (
        (("--card-ticket",), True),
        ((), True),
        (("--no-card-ticket",), False),
        ((), False),
    ):
        assert guarddogctl.add(None, "Shop", *arguments).code == 0

        (account,) = guarddogctl("accounts", "list", "--json").json
        assert account["card_ticket"] is kept


def test_js_safe_domains_are_kept_replaced_as_a_whole_and_stay_where_none_is_named(
    guarddogctl: Shell,
) -> None:
    for arguments, kept in (
        (("--js-domain", "WWW.Example.com", "--js-domain", "中文.中国"), ["www.example.com", "中文.中国"]),
        ((), ["www.example.com", "中文.中国"]),
        (("--js-domain", "shop.example.com"), ["shop.example.com"]),
        (("--js-domain", ""), []),
    ):
        assert guarddogctl.add(None, "Shop", *arguments).code == 0

        (account,) = guarddogctl("accounts", "list", "--json").json
        assert account["js_domains"] == kept


def test_the_list_is_a_table_without_secrets(guarddogctl: Shell) -> None:
    guarddogctl.add()
    guarddogctl.add(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl("accounts", "list")

    assert len(ran.out.splitlines()) == 2
    assert "official account" in ran.out
    assert "mini program" in ran.out
    assert guarddogctl.shop.secret not in ran.out


def test_an_empty_list_says_how_to_begin(guarddogctl: Shell) -> None:
    ran = guarddogctl("accounts", "list")

    assert (ran.code, ran.out) == (0, "")
    assert "accounts add" in ran.err


def test_removing_takes_the_secret_and_leaves_the_dog_files(guarddogctl: Shell) -> None:
    guarddogctl.add()

    ran = guarddogctl("accounts", "remove", "Shop")

    assert (ran.code, ran.out) == (0, "Shop is removed.\n")
    assert guarddogctl.secrets.stored == {}
    assert guarddogctl.dog().exists()


def test_purging_takes_the_dog_files_and_the_earlier_tickets_too(guarddogctl: Shell) -> None:
    guarddogctl.add()
    guarddogctl("refresh")
    guarddogctl.clock.advance(7200)
    guarddogctl("refresh")
    assert (guarddogctl.dog().parent / "guarddog_tickets.json").exists()

    guarddogctl("accounts", "remove", guarddogctl.shop.appid, "--purge")

    assert not guarddogctl.dog().parent.exists()


def test_a_secret_that_could_not_be_removed_is_said_and_ends_with_six(guarddogctl: Shell) -> None:
    guarddogctl.add()
    guarddogctl.secrets.keeps = Locked()

    ran = guarddogctl("accounts", "remove", "Shop")

    assert ran.code == 6
    assert f"guarddog:{guarddogctl.shop.appid}" in ran.err
    guarddogctl.secrets.keeps = Stored()
    assert guarddogctl("accounts", "list", "--json").json == []


def test_removing_what_is_not_there_ends_with_three(guarddogctl: Shell) -> None:
    ran = guarddogctl("accounts", "remove", "nobody")

    assert ran.code == 3
    assert "nobody" in ran.err


def test_a_damaged_account_list_is_kept_aside_and_named(guarddogctl: Shell) -> None:
    guarddogctl.add()
    accounts = guarddogctl.home / "config" / "accounts.json"
    damaged = accounts.read_text(encoding="utf-8")[:-20]
    accounts.write_text(damaged, encoding="utf-8")

    ran = guarddogctl("accounts", "list")

    (kept,) = (path for path in accounts.parent.iterdir() if "damaged" in path.name)
    assert kept.read_text(encoding="utf-8") == damaged
    assert str(kept) in ran.err


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    "command",
    [
        ("token",),
        ("token", "Other"),
        ("refresh", "Other"),
        ("sign", "https://shop.example.cn/", "Other"),
        ("sign-card", "Other", "--card-id", "p1"),
        ("diagnose", "https://a.example.cn/", "Other", *("--signature", "0" * 40, "--nonce", "n"), "--timestamp", "1"),
        ("exec", "Other", "--", "true"),
        ("history", "Other"),
        ("accounts", "remove", "Other"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_account_that_a_damaged_list_has_lost_is_not_told_to_be_unknown(
    guarddogctl: Shell, command: tuple[str, ...], language: str
) -> None:
    guarddogctl.add()
    accounts = guarddogctl.home / "config" / "accounts.json"
    accounts.write_text("{", encoding="utf-8")

    ran = guarddogctl(*command, GUARDDOG_LANG=language)

    assert (ran.code, ran.out) == (7, "")
    assert {"en": "The list of accounts is damaged", "zh_CN": "账号列表已损坏"}[language] in ran.err
    assert str(accounts) in ran.err.splitlines()[-1]


@pytest.mark.parametrize("command", [("accounts", "list"), ("status",)])
def test_a_damaged_list_is_not_told_to_be_an_empty_one(guarddogctl: Shell, command: tuple[str, ...]) -> None:
    (guarddogctl.home / "config").mkdir()
    (guarddogctl.home / "config" / "accounts.json").write_text("{", encoding="utf-8")

    ran = guarddogctl(*command)

    assert "no account is left in it" in ran.err
    assert "no account yet" not in ran.err


def test_damaged_settings_are_kept_aside_and_nothing_else_suffers(guarddogctl: Shell) -> None:
    guarddogctl.add()
    settings = guarddogctl.home / "config" / "settings.json"
    settings.write_text("{", encoding="utf-8")

    ran = guarddogctl("token")

    assert ran.code == 0
    assert ran.out.strip() == guarddogctl.value()
    assert "settings.json.damaged" in ran.err


def test_the_language_of_the_settings_is_spoken(guarddogctl: Shell) -> None:
    folder = guarddogctl.home / "config"
    folder.mkdir()
    fields = {"version": 1, "language": "zh_CN"}
    (folder / "settings.json").write_text(json.dumps(fields), encoding="utf-8")

    assert "还没有账号" in guarddogctl("accounts", "list", GUARDDOG_LANG="").err
    assert "no account yet" in guarddogctl("accounts", "list", GUARDDOG_LANG="en").err


@pytest.mark.parametrize("more", [(), ("--no-check",), ("--endpoint", "classic")])
def test_a_folder_for_the_dog_files_that_cannot_be_made_is_said_and_nothing_is_saved(
    guarddogctl: Shell, more: tuple[str, ...]
) -> None:
    taken = guarddogctl.home.parent / "taken"
    taken.touch()

    ran = guarddogctl.add(None, "Shop", "--dog-dir", str(taken / "dogs"), *more)

    assert ran.code == 7
    assert "Shop is not saved." in ran.err
    assert str(taken) in ran.err
    assert "saved" not in ran.out
    assert guarddogctl("accounts", "list", "--json").json == []
    assert guarddogctl.secrets.stored == {}


@pytest.mark.only_on("linux")
def test_a_folder_in_which_nothing_can_be_made_is_said_and_nothing_is_saved(guarddogctl: Shell) -> None:
    ran = guarddogctl.add(None, "Shop", "--dog-dir", "/proc/self")  # there, and takes no file from anybody

    assert ran.code == 7
    assert guarddogctl("accounts", "list", "--json").json == []


def test_removing_takes_the_addresses_that_were_signed(guarddogctl: Shell) -> None:
    guarddogctl.add()
    urls = RecentUrlFile(guarddogctl.home / "config" / "recent_urls.json")
    urls.remember(guarddogctl.shop.appid, "https://a.cn/")

    guarddogctl("accounts", "remove", "Shop")

    assert urls.recent(guarddogctl.shop.appid) == ()


def test_a_folder_of_another_program_is_adopted_and_costs_no_token(
    guarddogctl: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "node"
    folder.mkdir()
    born = int((guarddogctl.clock() - 600) * 1000)
    shop = guarddogctl.shop
    query = {"grant_type": "client_credential", "appid": shop.appid, "secret": shop.secret}
    _, fields = guarddogctl.wechat.rules.handle("GET", "/cgi-bin/token", query, b"", "127.0.0.1")
    theirs = json.dumps({"expires_in": 7200, "data": fields["access_token"], "gen_time": born})
    (folder / "ACCESS_TOKEN.dog").write_text(theirs)
    (folder / "X.dog").write_text("{}")

    ran = guarddogctl.add(None, "Shop", "--dog-dir", str(folder))

    assert ran.code == 0
    assert "Found ACCESS_TOKEN.dog, good until " in ran.err
    assert "Other .dog files are left alone: X.dog." in ran.err
    assert (folder / "ACCESS_TOKEN.dog").read_text() == theirs
    assert guarddogctl("token").out == f"{fields['access_token']}\n"
    history = json.loads(guarddogctl("history", "--json").out)
    assert ("adopted", "found") in [(line["result"], line["detail"]) for line in history]
    assert guarddogctl.add(None, "Shop", "--dog-dir", str(folder)).err == ""  # it is there already


def test_a_token_in_such_a_folder_that_wechat_refuses_is_replaced_by_that_of_the_check(
    guarddogctl: Shell, tmp_path: Path
) -> None:
    dead = json.dumps({"expires_in": 7200, "data": "DEAD", "gen_time": int(guarddogctl.clock() * 1000)})
    (tmp_path / "ACCESS_TOKEN.dog").write_text(dead)

    ran = guarddogctl.add(None, "Shop", "--dog-dir", str(tmp_path))

    assert "WeChat refuses the token in ACCESS_TOKEN.dog" in ran.out
    token = guarddogctl("token").out.strip()
    query = {"access_token": token}
    _, answer = guarddogctl.wechat.rules.handle("GET", "/cgi-bin/getcallbackip", query, b"", "127.0.0.1")
    assert "ip_list" in answer
    assert [line["result"] for line in json.loads(guarddogctl("history", "--json").out)] == ["new"]


def test_a_secret_that_somebody_types_as_an_argument_is_not_repeated(guarddogctl: Shell) -> None:
    for word in (f"--secret={SECRET}", "--secret"):
        ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "Shop", word, SECRET)
        assert ran.code == 2
        assert "--secret-stdin" in ran.err
        assert SECRET not in ran.err
    ran = guarddogctl("status", SECRET, SECRET)
    assert ran.code == 2
    assert SECRET not in ran.err
    assert "unknown options: --colour" in guarddogctl("status", "--colour=red").err


def test_the_folder_of_another_account_is_said_once_and_nothing_about_what_is_in_it(
    guarddogctl: Shell, tmp_path: Path
) -> None:
    guarddogctl.add(None, "Shop", "--dog-dir", str(tmp_path))
    secret = "0" * 32

    ran = guarddogctl(
        *("accounts", "add", "--appid", "wx2", "--name", "B", "--dog-dir", str(tmp_path), "--secret-stdin"),
        stdin=secret,
    )

    assert ran.code == 4
    assert ran.err.startswith("Another account has its .dog files in this folder.")
    assert "Found" not in ran.err


def test_a_folder_in_the_place_of_a_dog_file_is_said_and_nothing_is_saved(
    guarddogctl: Shell, tmp_path: Path
) -> None:
    (tmp_path / "ACCESS_TOKEN.dog").mkdir()

    ran = guarddogctl.add(None, "Shop", "--dog-dir", str(tmp_path))

    assert ran.code == 7
    assert "a folder is in its place" in ran.err
    assert guarddogctl("accounts", "list", "--json").json == []
