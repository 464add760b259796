"""Accounts of a project, joined from its files."""

from guarddog_gui.domain.accounts.project import ValueFormat, collect_accounts, read_project_values

APPID, OTHER = "wx5a0d09b0c0f00004", "wx1111111111111111"
SECRET = "0123456789abcdef0123456789abcdef"


def test_each_appid_comes_once_and_those_with_a_secret_first() -> None:
    files = [("a.json", f'{{"appid": "{OTHER}"}}'), ("b.env", f"WX_APPID={APPID}\nWX_SECRET={SECRET}"), ("c.js", APPID)]
    assert [(each.appid, each.file, each.secret) for each in collect_accounts(files)] == [
        (APPID, "b.env", SECRET),
        (OTHER, "a.json", ""),
    ]


def test_a_lonely_secret_is_not_given_to_one_of_two_accounts() -> None:
    files = [("a.json", APPID), ("b.json", OTHER), (".env", f"WX_SECRET={SECRET}")]
    assert [each.secret for each in collect_accounts(files)] == ["", ""]


def test_two_different_lonely_secrets_are_not_guessed() -> None:
    files = [("a.json", APPID), (".env", f"WX_SECRET={SECRET}"), (".env.test", f"WX_SECRET={'f' * 32}")]
    assert [each.secret for each in collect_accounts(files)] == [""]


def test_a_value_that_has_expired_is_left_out() -> None:
    text = '{"expire_time": 100, "access_token": "T"}'
    assert [value.format for value in read_project_values("a.json", text, 99)] == [ValueFormat.PHP_SAMPLE]
    assert read_project_values("a.json", text, 100) == ()
