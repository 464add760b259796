"""Texts about a project folder: where everything stands, and the secret pointed out."""

from guarddog_gui.domain.accounts.project import FoundAccount, FoundProject, FoundValue, ValueFormat
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.projects import project_message
from tests.services.messages.languages import ENGLISH

ACCOUNT = FoundAccount("wx1", "server/config.js", "5" * 32, ".env", 3)


def test_everything_found_is_named_with_its_file() -> None:
    value = FoundValue(TokenKind.ACCESS_TOKEN, "data/access_token.json", ValueFormat.PHP_SAMPLE, 1e9)
    project = FoundProject("/srv/shop", (ACCOUNT,), (value,), ("/srv/shop/cache",), is_complete=False)
    message = project_message(project, ACCOUNT, ENGLISH)
    assert message.summary == "Found in shop: wx1"
    for text in ("server/config.js", ".env, line 3", "access_token.json", "PHP sample", "Advanced", "not be all"):
        assert text in message.advice
    assert "5" * 32 not in message.text


def test_a_missing_secret_is_asked_for() -> None:
    account = FoundAccount("wx1", "project.config.json")
    assert "paste it" in project_message(FoundProject("/srv/shop", (account,)), account, ENGLISH).advice


def test_an_empty_folder_says_what_to_choose() -> None:
    message = project_message(FoundProject("/srv/shop"), None, ENGLISH)
    assert message.summary == "No AppID was found in shop."
    assert ".env" in message.advice
