"""What the README shows is what there is."""

import re
import shlex
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.cli.parser import CommandLineParser
from guarddog_gui.domain.message_catalog import ENGLISH, MessageCatalog
from tests.fakes import NOW

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = sorted((ROOT / "resources" / "snippets").iterdir())
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
COMMANDS = re.findall(r"(?:^|[|(]) ?guarddogctl ([^|)\n]*)", SHELL, re.MULTILINE)


def test_there_are_snippets_and_commands() -> None:
    assert len(SNIPPETS) == 7
    assert len(COMMANDS) >= 20


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda path: path.name)
def test_each_snippet_is_shown_as_it_is_tested(snippet: Path) -> None:
    assert f"\n{snippet.read_text(encoding='utf-8').rstrip()}\n```" in README


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_can_be_typed(command: str) -> None:
    words = MessageCatalog.from_json(resource_path("words.json").read_text(encoding="utf-8"), ENGLISH)
    typed = [word for word in shlex.split(command, comments=True) if word not in ("<", ">", "secret.txt")]
    typed = typed[: next((at for at, word in enumerate(typed) if word.startswith("~/")), None)]
    assert CommandLineParser(words, NOW).parse(typed).command == typed[0]
