"""Adding, listing and removing accounts from a terminal."""

import json
import re
import shlex
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.recent_urls import RecentUrlsFile
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli

SECRET = "0123456789abcdef0123456789abcdef"


def test_adding_an_account_tries_it_and_says_the_verdict(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl.add_account()

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == "WeChat accepts them. A token is ready.\nShop is saved.\n"
    assert guarddogctl.secrets.stored[guarddogctl.shop.appid].reveal() == guarddogctl.shop.secret


def test_the_token_of_the_check_is_not_thrown_away(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    calls = guarddogctl.wechat.rules.used_today(guarddogctl.shop.appid, "/cgi-bin/stable_token")

    assert guarddogctl("token").stdout.strip() == guarddogctl.stored_value()
    assert guarddogctl.wechat.rules.used_today(guarddogctl.shop.appid, "/cgi-bin/stable_token") == calls


def test_without_secret_stdin_the_secret_is_asked_for_unseen(guarddogctl: InProcessCli) -> None:
    guarddogctl.hidden_input = f" {guarddogctl.shop.secret} "

    ran = guarddogctl("accounts", "add", "--appid", guarddogctl.shop.appid, "--name", "Shop")

    assert ran.exit_code == 0
    assert guarddogctl.hidden_prompt == "AppSecret of Shop (not shown): "
    assert guarddogctl.shop.secret not in ran.stdout + ran.stderr


def test_where_nobody_can_be_asked_it_names_the_other_way(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "Shop")

    assert ran.exit_code == 2
    assert "--secret-stdin" in ran.stderr


def test_there_is_no_argument_for_a_secret(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "Shop", "--secret", "x")

    assert ran.exit_code == 2


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (Fault(FaultKind.ERRCODE, 40013), 4, "(40013, rid: "),
        (Fault(FaultKind.ERRCODE, 40125), 4, "(40125, rid: "),
        (Fault(FaultKind.ERRCODE, 40164), 4, "127.0.0.1"),
        (Fault(FaultKind.ERRCODE, 40243), 4, "frozen"),
        (Fault(FaultKind.ERRCODE, 89503), 4, "(89503, rid: "),
        (Fault(FaultKind.ERRCODE, -1), 5, "(-1, rid: "),
        (Fault(FaultKind.ERRCODE, 45009), 5, "(45009, rid: "),
        (Fault(FaultKind.ERRCODE, 55555), 5, "55555"),
        (Fault(FaultKind.HTTP_STATUS, 502), 5, "502"),
        (Fault(FaultKind.RESET), 5, "WeChat"),
        (Fault(FaultKind.CAPTIVE_PORTAL), 5, "login"),
        (Fault(FaultKind.REDIRECT), 5, "another address"),
    ],
)
def test_a_failed_check_saves_nothing_and_ends_by_its_kind(
    guarddogctl: InProcessCli, fault: Fault, code: int, words: str
) -> None:
    guarddogctl.wechat.faults.add(fault)

    ran = guarddogctl.add_account()

    assert ran.exit_code == code
    assert words in ran.stderr
    assert "Shop is not saved." in ran.stderr
    assert ran.stdout == ""
    assert guarddogctl.secrets.stored == {}
    assert guarddogctl("accounts", "list", "--json").json == []


def test_a_wrong_secret_is_said_so_and_the_secret_is_not_shown(guarddogctl: InProcessCli) -> None:
    wrong = "0123456789abcdef0123456789abcdef"

    ran = guarddogctl(
        "accounts", "add", "--appid", guarddogctl.shop.appid, "--name", "Shop", "--secret-stdin", stdin=wrong
    )

    assert ran.exit_code == 4
    assert "AppSecret" in ran.stderr
    assert wrong not in ran.stdout + ran.stderr


def test_no_network_at_all_is_try_later(guarddogctl: InProcessCli) -> None:
    guarddogctl.wechat.stop()

    ran = guarddogctl.add_account()

    assert ran.exit_code == 5
    assert "cannot reach WeChat" in ran.stderr


def test_with_no_check_it_is_saved_unseen(guarddogctl: InProcessCli) -> None:
    guarddogctl.wechat.stop()

    ran = guarddogctl.add_account(None, "Shop", "--no-check")

    assert (ran.exit_code, ran.stdout) == (0, "Shop is saved.\n")


@pytest.mark.parametrize("answer", [KeyringIsLocked(), KeyringIsDown("no bus"), NotPersisted()])
def test_a_keyring_that_does_not_take_it_ends_with_six(
    guarddogctl: InProcessCli, answer: KeyringIsLocked | KeyringIsDown | NotPersisted
) -> None:
    guarddogctl.secrets.store_result = answer

    ran = guarddogctl.add_account()

    assert ran.exit_code == 6
    assert "Shop is not saved." in ran.stderr
    assert guarddogctl("accounts", "list", "--json").json == []


def test_a_folder_that_cannot_be_made_ends_with_seven_and_the_keyring_is_as_before(guarddogctl: InProcessCli) -> None:
    (guarddogctl.home / "config").write_text("a file in its place")

    ran = guarddogctl.add_account()

    assert ran.exit_code == 7
    assert str(guarddogctl.home / "config") in ran.stderr
    assert guarddogctl.secrets.stored == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--appid", "not an appid", "--name", "Shop"), "AppID"),
        (("--appid", "gh_0123456789ab", "--name", "Shop"), "original ID"),
        (("--appid", " ww0123456789abcdef", "--name", "Shop"), "corp ID"),
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
    guarddogctl: InProcessCli, arguments: tuple[str, ...], words: str
) -> None:
    guarddogctl.hidden_input = "x"

    ran = guarddogctl("accounts", "add", *arguments)

    assert ran.exit_code == 2
    assert words in ran.stderr
    assert guarddogctl.hidden_prompt == ""


def test_an_empty_folder_is_the_way_back_to_the_usual_one(guarddogctl: InProcessCli, tmp_path: Path) -> None:
    guarddogctl.add_account(None, "Shop", "--dog-dir", str(tmp_path / "own"))
    guarddogctl.add_account(None, "Shop")  # nothing is said of it
    assert (tmp_path / "own" / "ACCESS_TOKEN.dog").exists()
    assert not guarddogctl.dog_path().exists()

    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", "")

    assert ran.exit_code == 0
    assert guarddogctl("accounts", "list", "--json").json[0]["dog_dir"] is None
    assert guarddogctl.dog_path().exists()


@pytest.mark.parametrize("secret", ["", "\n", "two words", "汉字", "a" * 300])
def test_what_cannot_be_a_secret_is_refused_and_not_repeated(guarddogctl: InProcessCli, secret: str) -> None:
    ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "S", "--secret-stdin", stdin=secret)

    assert ran.exit_code == 4
    assert "AppSecret" in ran.stderr
    assert not secret.strip() or secret not in ran.stderr


def test_a_windows_shell_may_put_a_mark_before_the_secret(guarddogctl: InProcessCli) -> None:
    shop = guarddogctl.shop

    ran = guarddogctl(
        "accounts", "add", "--appid", shop.appid, "--name", "Shop", "--secret-stdin",
        stdin=f"\ufeff{shop.secret}\r\n",
    )  # fmt: skip

    assert ran.exit_code == 0


def test_the_classic_endpoint_comes_with_a_warning(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl.add_account(None, "Shop", "--endpoint", "classic")

    assert ran.exit_code == 0
    assert "five minutes" in ran.stderr


def test_every_choice_is_kept_and_a_relative_folder_becomes_a_full_path(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(guarddogctl.home)

    guarddogctl.add_account(None, "Shop", "--endpoint", "classic", "--ahead", "600", "--dog-dir", "here")

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
            "environment": "none",
            "colour": "auto",
            "group": "",
            "api_base": "",
            "proxy": "",
            "sharing": None,
        }
    ]


def test_adding_a_known_appid_changes_what_is_named_and_keeps_the_rest(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(None, "Shop", "--ahead", "100")

    guarddogctl.add_account(None, "Shop B")

    (account,) = guarddogctl("accounts", "list", "--json").json
    assert (account["name"], account["ahead"]) == ("Shop B", 100)


def test_what_another_account_has_is_for_a_person_to_settle(guarddogctl: InProcessCli, tmp_path: Path) -> None:
    guarddogctl.add_account(None, "Shop", "--dog-dir", str(tmp_path), "--write-env", str(tmp_path / ".env"))
    other = guarddogctl.wechat.accounts[1]

    taken = guarddogctl.add_account(other, "Other", "--dog-dir", str(tmp_path))
    written = guarddogctl.add_account(other, "Other", "--write-env", str(tmp_path / ".env"))

    assert (taken.exit_code, written.exit_code) == (4, 4)
    assert "taken over" not in taken.stderr
    assert "takes it over" not in taken.stderr


def test_a_known_account_keeps_its_name_where_none_is_named(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(guarddogctl.shop, """He said "$(reboot)" """)
    shop = guarddogctl.shop

    hint = guarddogctl("token", "--key", "CARD_TICKET").stderr
    (line,) = re.findall(r"guarddogctl (accounts add [^\n]*)", hint)
    ran = guarddogctl(*shlex.split(line), "--secret-stdin", stdin=shop.secret)

    assert ran.exit_code == 0
    (account,) = guarddogctl("accounts", "list", "--json").json
    assert (account["name"], account["card_ticket"]) == ("""He said "$(reboot)" """, True)


def test_a_mini_program_that_is_known_gets_no_ticket_for_cards(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(guarddogctl.mini, "Mini", "--platform", "mini-program")

    assert guarddogctl.add_account(guarddogctl.mini, "Mini", "--card-ticket").exit_code == 2
    assert guarddogctl.add_account(guarddogctl.mini, "Mini", "--no-card-ticket").exit_code == 0


def test_an_account_without_a_letter_is_said_to_be_empty(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("token", "")

    assert ran.exit_code == 3
    assert ran.stderr.startswith("The account that is named is empty: “”. ")
    assert "No account is called “Nobody”." in guarddogctl("token", "Nobody").stderr


def test_the_ticket_for_cards_is_switched_on_and_off_and_stays_where_it_is_not_named(guarddogctl: InProcessCli) -> None:
    for arguments, kept in ((("--card-ticket",), True), ((), True), (("--no-card-ticket",), False), ((), False)):
        assert guarddogctl.add_account(None, "Shop", *arguments).exit_code == 0

        (account,) = guarddogctl("accounts", "list", "--json").json
        assert account["card_ticket"] is kept


def test_js_safe_domains_are_kept_replaced_as_a_whole_and_stay_where_none_is_named(guarddogctl: InProcessCli) -> None:
    for arguments, kept in (
        (("--js-domain", "WWW.Example.com", "--js-domain", "中文.中国"), ["www.example.com", "中文.中国"]),
        ((), ["www.example.com", "中文.中国"]),
        (("--js-domain", "shop.example.com"), ["shop.example.com"]),
        (("--js-domain", ""), []),
    ):
        assert guarddogctl.add_account(None, "Shop", *arguments).exit_code == 0

        (account,) = guarddogctl("accounts", "list", "--json").json
        assert account["js_domains"] == kept


def test_the_list_is_a_table_without_secrets(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    guarddogctl.add_account(guarddogctl.mini, "小店", "--platform", "mini-program")

    ran = guarddogctl("accounts", "list")

    heading, *rows = ran.stdout.splitlines()
    assert heading.split()[:4] == ["name", "AppID", "platform", "endpoint"], "no column without content"
    assert len(rows) == 2
    assert "official account" in ran.stdout
    assert "mini program" in ran.stdout
    assert guarddogctl.shop.secret not in ran.stdout


def test_an_empty_list_says_how_to_begin(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("accounts", "list")

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "accounts add" in ran.stderr


def test_removing_takes_the_secret_and_leaves_the_dog_files(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()

    ran = guarddogctl("accounts", "remove", "Shop")

    assert (ran.exit_code, ran.stdout) == (0, "Shop is removed.\n")
    assert guarddogctl.secrets.stored == {}
    assert guarddogctl.dog_path().exists()


def test_purging_takes_the_dog_files_and_the_earlier_tickets_too(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    guarddogctl("refresh")
    guarddogctl.clock.advance(7200)
    guarddogctl("refresh")
    assert (guarddogctl.dog_path().parent / "guarddog_tickets.json").exists()

    guarddogctl("accounts", "remove", guarddogctl.shop.appid, "--purge")

    assert not guarddogctl.dog_path().parent.exists()


def test_a_secret_that_could_not_be_removed_is_said_and_ends_with_six(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    guarddogctl.secrets.store_result = KeyringIsLocked()

    ran = guarddogctl("accounts", "remove", "Shop")

    assert ran.exit_code == 6
    assert f"guarddog:{guarddogctl.shop.appid}" in ran.stderr
    assert guarddogctl("accounts", "list", "--json").json == []
    guarddogctl.secrets.store_result = None
    for word in ("Shop", guarddogctl.shop.appid):
        ran = guarddogctl("accounts", "remove", word)
        assert (ran.exit_code, guarddogctl.secrets.stored) == ((0, {}) if word == "Shop" else (3, {}))


def test_removing_what_is_not_there_ends_with_three(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("accounts", "remove", "nobody")

    assert ran.exit_code == 3
    assert "nobody" in ran.stderr


def test_a_damaged_account_list_is_kept_aside_and_named(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    accounts = guarddogctl.home / "config" / "accounts.json"
    damaged = accounts.read_text(encoding="utf-8")[:-20]
    accounts.write_text(damaged, encoding="utf-8")

    ran = guarddogctl("accounts", "list")

    (kept,) = (path for path in accounts.parent.iterdir() if "damaged" in path.name)
    assert kept.read_text(encoding="utf-8") == damaged
    assert str(kept) in ran.stderr


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
    guarddogctl: InProcessCli, command: tuple[str, ...], language: str
) -> None:
    guarddogctl.add_account()
    accounts = guarddogctl.home / "config" / "accounts.json"
    accounts.write_text("{", encoding="utf-8")

    ran = guarddogctl(*command, GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stdout) == (7, "")
    assert {"en": "The list of accounts is damaged", "zh_CN": "账号列表已损坏"}[language] in ran.stderr
    assert str(accounts) in ran.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", [("accounts", "list"), ("status",)])
def test_a_damaged_list_is_not_told_to_be_an_empty_one(guarddogctl: InProcessCli, command: tuple[str, ...]) -> None:
    (guarddogctl.home / "config").mkdir()
    (guarddogctl.home / "config" / "accounts.json").write_text("{", encoding="utf-8")

    ran = guarddogctl(*command)

    assert "no account is left in it" in ran.stderr
    assert "no account yet" not in ran.stderr


def test_damaged_settings_are_kept_aside_and_nothing_else_suffers(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    settings = guarddogctl.home / "config" / "settings.json"
    settings.write_text("{", encoding="utf-8")

    ran = guarddogctl("token")

    assert ran.exit_code == 0
    assert ran.stdout.strip() == guarddogctl.stored_value()
    assert "settings.json.damaged" in ran.stderr


def test_the_language_of_the_settings_is_spoken(guarddogctl: InProcessCli) -> None:
    folder = guarddogctl.home / "config"
    folder.mkdir()
    fields = {"version": 1, "language": "zh_CN"}
    (folder / "settings.json").write_text(json.dumps(fields), encoding="utf-8")

    assert "还没有账号" in guarddogctl("accounts", "list", GUARDDOG_LANG="").stderr
    assert "no account yet" in guarddogctl("accounts", "list", GUARDDOG_LANG="en").stderr


@pytest.mark.parametrize("more", [(), ("--no-check",), ("--endpoint", "classic")])
def test_a_folder_for_the_dog_files_that_cannot_be_made_is_said_and_nothing_is_saved(
    guarddogctl: InProcessCli, more: tuple[str, ...]
) -> None:
    taken = guarddogctl.home.parent / "taken"
    taken.touch()

    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", str(taken / "dogs"), *more)

    assert ran.exit_code == 7
    assert "Shop is not saved." in ran.stderr
    assert str(taken) in ran.stderr
    assert "saved" not in ran.stdout
    assert guarddogctl("accounts", "list", "--json").json == []
    assert guarddogctl.secrets.stored == {}


@pytest.mark.only_on("linux")
def test_a_folder_in_which_nothing_can_be_made_is_said_and_nothing_is_saved(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", "/proc/self")  # there, and takes no file from anybody

    assert ran.exit_code == 7
    assert guarddogctl("accounts", "list", "--json").json == []


def test_removing_takes_the_addresses_that_were_signed(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    urls = RecentUrlsFile(guarddogctl.home / "config" / "recent_urls.json")
    urls.add(guarddogctl.shop.appid, "https://a.cn/")

    guarddogctl("accounts", "remove", "Shop")

    assert urls.recent(guarddogctl.shop.appid) == ()


def put_foreign_token(guarddogctl: InProcessCli, folder: Path, owner: SandboxAccount, path: str) -> str:
    """Write a token of this account, fetched by another program ten minutes ago, and return it."""
    folder.mkdir()
    query = {"grant_type": "client_credential", "appid": owner.appid, "secret": owner.secret}
    method, parameters, body = (
        ("GET", query, b"") if path == "/cgi-bin/token" else ("POST", {}, json.dumps(query).encode())
    )
    _, fields = guarddogctl.wechat.rules.handle(method, path, parameters, body, "127.0.0.1")
    born = int((guarddogctl.clock() - 600) * 1000)
    theirs = json.dumps({"expires_in": 7200, "data": fields["access_token"], "gen_time": born})
    (folder / "ACCESS_TOKEN.dog").write_text(theirs)
    (folder / "X.dog").write_text("{}")
    return str(fields["access_token"])


@pytest.mark.parametrize(("endpoint", "path"), [("stable", "/cgi-bin/stable_token"), ("classic", "/cgi-bin/token")])
def test_the_token_of_another_program_is_used_if_it_is_of_the_account(
    guarddogctl: InProcessCli, tmp_path: Path, endpoint: str, path: str
) -> None:
    folder = tmp_path / "node"
    theirs = put_foreign_token(guarddogctl, folder, guarddogctl.shop, path)

    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", str(folder), "--endpoint", endpoint)

    assert ran.exit_code == 0
    assert "Found ACCESS_TOKEN.dog, good until " in ran.stderr
    assert "Other .dog files are left alone: X.dog." in ran.stderr
    assert guarddogctl("token").stdout == f"{theirs}\n"
    assert guarddogctl.count_calls("/cgi-bin/token") == (endpoint == "classic")  # that of the other program
    again = guarddogctl.add_account(None, "Shop", "--dog-dir", str(folder), "--endpoint", endpoint)
    assert "Found" not in again.stderr  # it is there already


@pytest.mark.parametrize("endpoint", ["stable", "classic"])
def test_the_token_of_another_account_in_such_a_folder_is_given_to_nobody(
    guarddogctl: InProcessCli, tmp_path: Path, endpoint: str
) -> None:
    folder = tmp_path / "node"
    theirs = put_foreign_token(guarddogctl, folder, guarddogctl.mini, "/cgi-bin/token")

    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", str(folder), "--endpoint", endpoint)

    assert ran.exit_code == 0
    assert guarddogctl("token").stdout.strip() not in ("", theirs)


def test_a_refused_token_in_such_a_folder_is_replaced_by_that_of_the_check(
    guarddogctl: InProcessCli, tmp_path: Path
) -> None:
    dead = json.dumps({"expires_in": 7200, "data": "DEAD", "gen_time": int(guarddogctl.clock() * 1000)})
    (tmp_path / "ACCESS_TOKEN.dog").write_text(dead)

    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", str(tmp_path))

    assert "The token in ACCESS_TOKEN.dog is of another account or invalid" in ran.stdout
    token = guarddogctl("token").stdout.strip()
    query = {"access_token": token}
    _, answer = guarddogctl.wechat.rules.handle("GET", "/cgi-bin/getcallbackip", query, b"", "127.0.0.1")
    assert "ip_list" in answer
    assert [line["result"] for line in json.loads(guarddogctl("history", "--json").stdout)] == ["not adopted", "new"]


def test_a_secret_that_somebody_types_as_an_argument_is_not_repeated(guarddogctl: InProcessCli) -> None:
    for word in (f"--secret={SECRET}", "--secret"):
        ran = guarddogctl("accounts", "add", "--appid", "wx1", "--name", "Shop", word, SECRET)
        assert ran.exit_code == 2
        assert "--secret-stdin" in ran.stderr
        assert SECRET not in ran.stderr
    ran = guarddogctl("status", SECRET, SECRET)
    assert ran.exit_code == 2
    assert SECRET not in ran.stderr
    assert "unknown options: --colour" in guarddogctl("status", "--colour=red").stderr


def test_the_folder_of_another_account_is_said_once_and_nothing_about_what_is_in_it(
    guarddogctl: InProcessCli, tmp_path: Path
) -> None:
    guarddogctl.add_account(None, "Shop", "--dog-dir", str(tmp_path))
    secret = "0" * 32

    ran = guarddogctl(
        *("accounts", "add", "--appid", "wx2", "--name", "B", "--dog-dir", str(tmp_path), "--secret-stdin"),
        stdin=secret,
    )

    assert ran.exit_code == 4
    assert ran.stderr.startswith("Another account has its .dog files in this folder.")
    assert "Found" not in ran.stderr


def test_a_folder_in_the_place_of_a_dog_file_is_said_and_nothing_is_saved(
    guarddogctl: InProcessCli, tmp_path: Path
) -> None:
    (tmp_path / "ACCESS_TOKEN.dog").mkdir()

    ran = guarddogctl.add_account(None, "Shop", "--dog-dir", str(tmp_path))

    assert ran.exit_code == 7
    assert "a folder is in its place" in ran.stderr
    assert guarddogctl("accounts", "list", "--json").json == []


def test_show_has_every_setting_and_no_secret(ctl_with_account: InProcessCli) -> None:
    shown = ctl_with_account("accounts", "show", "Shop")
    assert shown.exit_code == 0
    rows = [re.split("  +", line) for line in shown.stdout.splitlines()]
    assert ["name", "Shop"] in rows
    assert ["AppID", ctl_with_account.shop.appid] in rows
    assert ["values", "ACCESS_TOKEN, JSAPI_TICKET"] in rows
    assert ["JS-safe domains", "not given"] in rows
    (listed,) = ctl_with_account("accounts", "list", "--json").json
    assert ctl_with_account("accounts", "show", "--json").json == listed
    assert ctl_with_account.shop.secret not in shown.stdout
    assert ctl_with_account("accounts", "show", "nobody").exit_code == 3


def test_environment_and_group_are_listed_and_shown(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account(None, "Shop", "--environment", "production", "--colour", "red", "--group", "Retail")
    guarddogctl.add_account(guarddogctl.mini, "Game", "--platform", "mini-program")

    heading, shop, _ = guarddogctl("accounts", "list").stdout.splitlines()
    assert heading.split()[:5] == ["name", "AppID", "environment", "group", "platform"]
    assert shop.split()[:4] == ["Shop", guarddogctl.shop.appid, "production", "Retail"]
    account, _ = guarddogctl("accounts", "list", "--json").json
    assert (account["environment"], account["colour"], account["group"]) == ("production", "red", "Retail")
    shown = dict(line.split("  ", 1) for line in guarddogctl("accounts", "show", "Shop").stdout.splitlines())
    assert [shown[name].strip() for name in ("environment", "colour", "group")] == ["production", "red", "Retail"]


def test_an_account_is_moved_in_the_list(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    guarddogctl.add_account(guarddogctl.mini, "Game", "--platform", "mini-program")
    guarddogctl.wechat.stop()

    ran = guarddogctl("accounts", "edit", "Game", "--position", "1")

    assert (ran.exit_code, ran.stdout) == (0, "Game is number 1 in the list.\n")
    assert [account["name"] for account in guarddogctl("accounts", "list", "--json").json] == ["Game", "Shop"]
    ran = guarddogctl("accounts", "edit", "Game", "--position", "99", "--group", "Play")
    assert ran.stdout.splitlines() == ["Game is changed.", "Game is number 2 in the list."]
    assert guarddogctl("accounts", "edit", "Game", "--position", "0").exit_code == 2


def test_a_mistyped_command_below_accounts_gets_a_suggestion(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("accounts", "lsit")

    assert ran.exit_code == 2
    assert "there is no command “lsit”. Did you mean “list”?" in ran.stderr


def test_another_token_given_for_the_secret_is_named(guarddogctl: InProcessCli) -> None:
    reply = '{"session_key":"tiihtNczf5v6AKRyjwEUhQ==","openid":"oLVPpjqs9BhvzwPj5A"}\n'
    add = ("accounts", "add", "--appid", "wx0123456789abcdef", "--name", "Shop", "--secret-stdin")
    ran = guarddogctl(*add, stdin=reply)

    assert ran.exit_code == 4
    assert "session_key of a mini-program login" in ran.stderr
    assert "tiiht" not in ran.stderr
