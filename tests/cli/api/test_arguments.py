"""Arguments of `api` that the stories of the command do not reach."""

from tests.cli.conftest import InProcessCli


def test_the_help_names_every_option(guarddogctl: InProcessCli) -> None:
    text = guarddogctl("api", "--help").stdout
    for option in ("--query", "--data", "--upload", "--output", "--json", "--copy-as", "--search", "--history"):
        assert option in text


def test_a_query_keeps_everything_behind_the_first_equals_sign(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("api", "GET", "cgi-bin/x", "--query", "a=b=c d&e", "--copy-as", "curl")
    assert "a=b%3Dc+d%26e" in ran.stdout


def test_a_file_of_a_copied_upload_need_not_exist(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("api", "POST", "cgi-bin/media/upload", "--upload", "cat.png", "--copy-as", "curl")
    assert "media=@cat.png" in ran.stdout
