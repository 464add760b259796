"""Pasted credentials: every form in which an AppID and an AppSecret are copied, and what must not be taken for them."""

import pytest

from guarddog_gui.domain.accounts.pasted_credentials import PastedCredentials, find_credentials, read_credentials

APPID = "wx5a0d09b0c0f00004"
SECRET = "0123456789abcdef0123456789abcdef"
OTHER_APPID = "wx1111111111111111"
OTHER_SECRET = "fedcba9876543210fedcba9876543210"

BOTH = {
    "beside each other": f"{APPID} {SECRET}",
    "one below the other": f"{APPID}\n{SECRET}\n",
    "console of an official account": f"开发者ID(AppID)\n{APPID}\n开发者密码(AppSecret)\n{SECRET}\n重置",
    "console of a mini program": f"AppID(小程序ID)\t{APPID}\t复制\nAppSecret(小程序密钥)\t{SECRET}\t重置",
    "message of a colleague": f"AppID：{APPID}\nAppSecret：{SECRET}",
    ".env": f"WX_APPID={APPID}\nWX_SECRET={SECRET}\n",
    "shell": f'export WECHAT_APP_ID="{APPID}"\nexport WECHAT_APP_SECRET="{SECRET}"',
    "JSON": f'{{"appid": "{APPID}", "secret": "{SECRET}"}}',
    "JSON in JSON": f'"{{\\"appid\\":\\"{APPID}\\",\\"secret\\":\\"{SECRET}\\"}}"',
    "EasyWeChat": f"<?php return ['app_id' => '{APPID}', 'secret' => '{SECRET}', 'token' => 'abc', 'aes_key' => ''];",
    "PHP constants": f"define('WX_APPID', '{APPID}');\ndefine('WX_APPSECRET', '{SECRET}');",
    "the official PHP sample": f'$jssdk = new JSSDK("{APPID}", "{SECRET}");',
    "Node": f"module.exports = {{ appId: '{APPID}', appSecret: '{SECRET}' }}",
    "JavaScript": f"const appid = '{APPID}'\nconst secret = \"{SECRET}\"",
    "YAML": f"wechat:\n  app-id: {APPID}\n  app-secret: {SECRET}\n",
    "properties of WxJava": f"wx.mp.appId={APPID}\nwx.mp.secret={SECRET}",
    "TOML": f'[wechat]\nappid = "{APPID}"\nsecret = "{SECRET}"',
    "Python": f'APP_ID = "{APPID}"\nAPP_SECRET = "{SECRET}"',
    "Java": f'private static final String APPID = "{APPID}";\nprivate String appSecret = "{SECRET}";',
    "Go": f'config.Config{{\n\tAppID: "{APPID}",\n\tAppSecret: "{SECRET}",\n}}',
    "XML": f"<appid>{APPID}</appid><secret>{SECRET}</secret>",
    "address of the classic call": f"https://api.weixin.qq.com/cgi-bin/token?appid={APPID}&secret={SECRET}",
    "spreadsheet": f"名称\tAppID\tAppSecret\n花店\t{APPID}\t{SECRET}",
    "beside the original ID": f"原始ID gh_0123456789ab\nAppID {APPID}\n{SECRET}",
    "beside a key of WeChat Pay": f"WX_APPID={APPID}\nWX_SECRET={SECRET}\nMCH_API_KEY={OTHER_SECRET}",
    "with full-width letters": f"ＡｐｐＩＤ：{APPID}，ＡｐｐＳｅｃｒｅｔ：{SECRET}",
}


@pytest.mark.parametrize("form", BOTH)
def test_both_are_read_from_one_paste(form: str) -> None:
    found = read_credentials(BOTH[form])
    assert (found.appid, found.secret) == (APPID, SECRET)


@pytest.mark.parametrize(
    ("text", "appid", "secret"),
    [
        (APPID, APPID, ""),
        (APPID.upper(), APPID, ""),
        (SECRET, "", SECRET),
        (f"WX_APPID={APPID}\nMCH_KEY={SECRET}", APPID, ""),
        (f"WX_APPID={APPID}\nWX_SECRET=your_app_secret", APPID, ""),
        (f'wx.config({{appId: "{APPID}", nonceStr: "{SECRET}", signature: "{"a" * 40}"}})', APPID, ""),
        (f"WX_SECRET={SECRET}\nAPP={APPID}\nOTHER={OTHER_APPID}", APPID, ""),
        ("gh_0123456789ab", "", ""),
        ("Hello, world", "", ""),
        ("", "", ""),
    ],
)
def test_what_is_missing_or_unsure_stays_empty(text: str, appid: str, secret: str) -> None:
    found = read_credentials(text)
    assert found.secret == secret
    assert found.appid in (appid, OTHER_APPID if OTHER_APPID in text else appid)


@pytest.mark.parametrize(
    "text",
    [
        f"MP_APPID={APPID}\nMINI_APPID={OTHER_APPID}\nMP_SECRET={SECRET}\nMINI_SECRET={OTHER_SECRET}",
        f"MINI_SECRET={OTHER_SECRET}\nMP_SECRET={SECRET}\nMP_APPID={APPID}\nMINI_APPID={OTHER_APPID}",
        f'{{"a": {{"appid": "{APPID}", "secret": "{SECRET}"}}, "b": {{"secret": "{OTHER_SECRET}", "appid": "{OTHER_APPID}"}}}}',
        f'[{{"appid": "{APPID}", "secret": "{SECRET}"}}, {{"appid": "{OTHER_APPID}", "secret": "{OTHER_SECRET}"}}]',
    ],
)
def test_two_accounts_are_never_mixed_up(text: str) -> None:
    pairs = {(found.appid, found.secret) for found in find_credentials(text)}
    assert pairs == {(APPID, SECRET), (OTHER_APPID, OTHER_SECRET)}


def test_a_project_of_the_developer_tools_is_a_mini_program_with_a_name() -> None:
    text = f'{{"miniprogramRoot": "src/", "appid": "{APPID}", "projectname": "%E8%8A%B1%E5%BA%97", "setting": {{}}}}'
    assert read_credentials(text) == PastedCredentials(APPID, name="花店", is_mini_program=True)


@pytest.mark.parametrize(
    "form", [".env", "JSON", "EasyWeChat", "PHP constants", "Node", "Python", "Java", "Go", "TOML"]
)
def test_a_secret_in_source_code_is_pointed_out(form: str) -> None:
    assert read_credentials(BOTH[form]).is_from_source


@pytest.mark.parametrize("form", ["beside each other", "console of an official account", "message of a colleague"])
def test_a_secret_of_the_console_is_not_source_code(form: str) -> None:
    assert not read_credentials(BOTH[form]).is_from_source


def test_the_line_of_the_secret_is_known() -> None:
    assert read_credentials(BOTH[".env"]).secret_line == 2
    assert SECRET not in repr(read_credentials(BOTH[".env"]))


def test_a_long_text_is_read_in_part_and_quickly() -> None:
    assert read_credentials(f"{APPID} {SECRET}" + "x" * 10_000_000).appid == APPID
    assert find_credentials('{"appid": ' * 100_000) == ()


@pytest.mark.parametrize(
    "text",
    [
        '{{"appId": "{appid}", "secret": "{secret}"}}',
        "WECHAT_APPID={appid}\nWECHAT_APPSECRET={secret}\n",
        "开发者ID(AppID)\n{appid}\n开发者密码(AppSecret)\n{secret}\n重置",
        "AppID {appid} AppSecret {secret}",
    ],
)
@pytest.mark.parametrize("secret", [SECRET[:-1], SECRET + "0"])
def test_a_named_secret_of_a_wrong_length_is_returned_as_it_stands(text: str, secret: str) -> None:
    found = read_credentials(text.format(appid=APPID, secret=secret))
    assert (found.appid, found.secret) == (APPID, secret)


@pytest.mark.parametrize("value", ["your_app_secret_here_1", "xxxxxxxxxxxxxxxxxxxx", "process.env.SECRET", "", "1234"])
def test_a_placeholder_is_no_secret_of_a_wrong_length(value: str) -> None:
    assert read_credentials(f'{{"appId": "{APPID}", "secret": "{value}"}}').secret == ""
