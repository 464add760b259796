"""`errcode` explains numbers of WeChat and messages of the JS-SDK."""

import pytest

from guarddog_gui.cli.pasted_input import SIZE_MAX
from tests.cli.conftest import InProcessCli


def test_an_errcode_is_explained(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "40164")

    assert ran.exit_code == 0
    first, meaning, fix, page = ran.stdout.splitlines()
    assert first.startswith("40164  config")
    assert "IP" in meaning
    assert "whitelist" in fix
    assert page.startswith("https://")


def test_zero_is_a_success_and_of_no_kind(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("errcode", "0").stdout.splitlines()[:2] == ["0  success", "The call succeeded."]
    assert guarddogctl("errcode", "0", "--lang", "zh").stdout.startswith("0  成功\n")


def test_the_language_of_the_answer_can_be_chosen(guarddogctl: InProcessCli) -> None:
    assert "白名单" in guarddogctl("errcode", "40164", "--lang", "zh").stdout
    assert "whitelist" in guarddogctl("errcode", "40164", "--lang", "en", GUARDDOG_LANG="zh_CN").stdout


def test_a_negative_number_is_a_number(guarddogctl: InProcessCli) -> None:
    assert "busy" in guarddogctl("errcode", "-1").stdout


@pytest.mark.parametrize("asked", ["12345678", "-7", "9" * 18])
def test_an_unknown_errcode_ends_with_three(guarddogctl: InProcessCli, asked: str) -> None:
    ran = guarddogctl("errcode", asked)

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert f"errcode {asked}." in ran.stderr


@pytest.mark.parametrize(
    "words", [["invalid signature"], ["invalid", "signature"], ["config:fail,Error: Invalid Signature "]]
)
def test_a_message_of_the_js_sdk_is_explained_with_what_to_check_in_order(
    guarddogctl: InProcessCli, words: list[str]
) -> None:
    ran = guarddogctl("errcode", *words)

    assert ran.exit_code == 0
    first, meaning, heading, *checks, fix, page = ran.stdout.splitlines()
    assert first == "invalid signature  JS-SDK"
    assert meaning == "The signature of wx.config does not fit this page."
    assert heading == "Check in this order:"
    assert [check.partition(". ")[0] for check in checks] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert "location.href" in fix
    assert page.startswith("https://")


def test_a_message_is_explained_in_chinese_too(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "invalid signature", "--lang", "zh")

    assert "请按以下顺序检查：" in ran.stdout
    assert "iOS 微信校验首次进入时的 URL" in ran.stdout


def test_a_number_of_wecom_says_what_to_check_as_well(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "40048")

    assert ran.stdout.startswith("40048  config")
    assert "1. The domain of the page is among the JS-safe domains" in ran.stdout
    assert "Check in this order" not in guarddogctl("errcode", "40164").stdout


@pytest.mark.parametrize("text", ["config:ok", "", "  ", "1" * 19, "\x1b[31mred\nline", "长" * 100_000])
def test_an_unknown_message_ends_with_three_and_one_clear_line(guarddogctl: InProcessCli, text: str) -> None:
    ran = guarddogctl("errcode", text)

    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.startswith("Guard Dog does not know the message “")
    assert ran.stderr.count("\n") == 1
    assert len(ran.stderr) < 250
    assert "\x1b" not in ran.stderr


def test_a_whole_reply_is_explained_with_its_ip_and_rid_apart(guarddogctl: InProcessCli) -> None:
    reply = '{"errcode":40164,"errmsg":"invalid ip 203.0.113.9, not in whitelist rid: 64f0a1b2-0123abcd-4567ef01"}'

    lines = guarddogctl("errcode", reply).stdout.splitlines()

    assert lines[0].startswith("40164  config")
    assert lines[-2:] == [
        "IP address that WeChat saw: 203.0.113.9",
        "rid of the call, for a question to WeChat: 64f0a1b2-0123abcd-4567ef01",
    ]


def test_a_log_is_explained_by_its_first_errcode_and_names_the_others(guarddogctl: InProcessCli) -> None:
    result = guarddogctl("errcode", 'a {"errcode":40164}\nb {"errcode":45009} {"errcode":40001}')
    assert result.stdout.startswith("40164  ")
    assert "Other errcodes in this text: 45009, 40001. Look them up one by one." in result.stdout


def test_a_log_full_of_successes_is_explained_by_its_refusals(guarddogctl: InProcessCli) -> None:
    log = (
        '{"errcode":0,"errmsg":"ok"} took 45 ms\n' * 3000 + '{"errcode":40164}\n{"errcode":45009}\n{"errcode":93004}\n'
    )
    lines = guarddogctl("errcode", "-", stdin=log).stdout.splitlines()
    assert lines[0].startswith("40164  ")
    assert lines[-1] == "Other errcodes in this text: 45009, 93004. Look them up one by one."
    assert "45009、93004" in guarddogctl("errcode", "-", "--lang", "zh", stdin=log).stdout


def test_an_input_that_is_not_read_to_its_end_is_said_to_be_so(guarddogctl: InProcessCli) -> None:
    log = '{"errcode":40164}\n' + " " * SIZE_MAX + '{"errcode":40001}'
    first, second, *_ = guarddogctl("errcode", "-", stdin=log).stdout.splitlines()
    assert first == "Only the first 4 MB of the input were read."
    assert second.startswith("40164  ")
    assert "MB" not in guarddogctl("errcode", "-", stdin="40164" + " " * (SIZE_MAX - 5)).stdout


def test_a_number_without_a_name_is_said_to_be_one_before_it_is_explained(guarddogctl: InProcessCli) -> None:
    first, second, *_ = guarddogctl("errcode", "took", "40001", "ms").stdout.splitlines()
    assert first == "This text names no errcode: 40001 only appears in it as a number."
    assert second.startswith("40001  ")
    assert "only appears" not in guarddogctl("errcode", "40164 invalid ip").stdout


def test_an_unknown_errcode_in_a_reply_is_named_with_its_rid(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", '{"errcode":12345678,"errmsg":"new rid: 1-2-3"}')

    assert ran.exit_code == 3
    assert ran.stderr.startswith("Guard Dog does not know the errcode 12345678.")
    assert "1-2-3" in ran.stderr


def test_the_address_that_wechat_checked_is_named(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl(
        "errcode", '{"realAuthUrl":"[https://a.cn/x, https://a.cn/x]","errMsg":"config:invalid signature"}'
    )

    assert ran.stdout.startswith("invalid signature  JS-SDK")
    assert ran.stdout.count("https://a.cn/x") == 1


def test_full_width_digits_are_digits(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("errcode", "４０１６４").stdout.startswith("40164  config")


def test_each_of_several_errcodes_is_explained(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "40001", "40164")

    assert (ran.exit_code, ran.stderr) == (0, "")
    first, second = ran.stdout.split("\n\n")
    assert first.startswith("40001  ")
    assert second.startswith("40164  ")


def test_an_unknown_errcode_among_known_ones_does_not_hide_them(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "99999999", "40001", "88888888")

    assert ran.exit_code == 3
    assert ran.stdout.startswith("40001  ")
    assert "errcode 99999999." in ran.stderr
    assert "errcode 88888888." in ran.stderr


# -- the lists of all errcodes --------------------------------------------------------------------


def test_an_errcode_that_only_the_lists_have_is_explained_with_its_host(guarddogctl: InProcessCli) -> None:
    ran = guarddogctl("errcode", "93004")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[:2] == ["93004  permissions · qyapi.weixin.qq.com", "The robot is disabled."]


def test_a_doubtful_errcode_is_passed_on_as_listed(guarddogctl: InProcessCli) -> None:
    lines = guarddogctl("errcode", "40081").stdout.splitlines()

    assert lines[1].startswith("Listed as: ")
    assert lines[-1] == "Only one public list has this number."
    assert "列为：" in guarddogctl("errcode", "40081", "--lang", "zh").stdout


def test_both_meanings_of_a_number_are_shown_unless_the_host_is_named(guarddogctl: InProcessCli) -> None:
    both = guarddogctl("errcode", "40059").stdout
    work = guarddogctl("errcode", "40059", "--host", "work").stdout

    assert both.count("40059  ") == 2
    assert work.count("40059  ") == 1
    assert "qyapi.weixin.qq.com" in work


def test_a_common_number_says_what_it_means_on_the_other_host(guarddogctl: InProcessCli) -> None:
    common = guarddogctl("errcode", "40003").stdout
    work = guarddogctl("errcode", "40003", "--host", "work").stdout

    assert common.startswith("40003  request")
    assert common.endswith("On qyapi.weixin.qq.com this number means: The UserID is invalid.\n")
    assert work.startswith("40003  users and members · qyapi.weixin.qq.com\nThe UserID is invalid.\n")
    assert "https://open.work.weixin.qq.com/devtool/query?e=40003" in work


def test_the_host_of_a_pasted_reply_decides(guarddogctl: InProcessCli) -> None:
    reply = '{"errcode":40003,"errmsg":"invalid userid, more info at https://open.work.weixin.qq.com/devtool/query"}'
    assert "The UserID is invalid." in guarddogctl("errcode", reply).stdout.splitlines()[1]


def test_words_list_the_errcodes_that_have_them(guarddogctl: InProcessCli) -> None:
    lines = guarddogctl("errcode", "menu", "button").stdout.splitlines()

    assert lines[0] == "40016  The menu has a wrong number of top-level buttons."
    assert (
        guarddogctl("errcode", "robot", "disabled").stdout == "93004  The robot is disabled.  (qyapi.weixin.qq.com)\n"
    )
    many = guarddogctl("errcode", "wrong", "length").stdout.splitlines()
    assert many[-1].endswith("more errcodes have these words: add a word.")
    assert len(many) == 21
    assert "标签" in guarddogctl("errcode", "标签 太长", "--lang", "zh").stdout


def test_an_errmsg_of_the_lists_is_found(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("errcode", "errmsg: menu version no exist").stdout.startswith("46002  ")


def test_a_number_of_the_lists_is_found_in_a_log_line(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("errcode", "send failed with 93004 again").stdout.startswith("93004  ")


# -- other tokens ---------------------------------------------------------------------------------


def test_another_token_is_told_apart_from_the_ordinary_one_in_one_sentence(guarddogctl: InProcessCli) -> None:
    reply = '{"access_token":"87_abcdefgh","expires_in":7200,"refresh_token":"87_ijklmnop","openid":"oLVPpjqs9BhvzwPj"}'
    ran = guarddogctl("errcode", reply)

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("The access_token in this text is that of a web authorisation (OAuth)")
    assert ran.stdout.count("\n") == 1
    assert "87_" not in ran.stdout
    assert "网页授权" in guarddogctl("errcode", reply, "--lang", "zh").stdout


def test_a_refused_call_with_another_token_is_explained_with_both(guarddogctl: InProcessCli) -> None:
    call = 'GET https://api.weixin.qq.com/sns/userinfo?access_token=87_abcdefgh&openid=o1 {"errcode":40001}'
    lines = guarddogctl("errcode", call).stdout.splitlines()

    assert lines[0].startswith("40001  token")
    assert lines[-1].startswith("The access_token in this text is that of a web authorisation (OAuth)")
