"""Commands, snippets and links in the README and the documentation work."""

import re
import shlex
from pathlib import Path

import pytest

from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.cli.parser import CommandLineParser
from guarddog_gui.domain.message_catalog import ENGLISH
from tests.fakes import NOW

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "resources" / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
SNIPPETS = sorted((ROOT / "resources" / "snippets").iterdir())
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL))
COMMANDS = re.findall(r"(?:^|[|(]) ?guarddogctl ([^|)\n]*)", SHELL, re.MULTILINE)


def test_there_are_snippets_and_commands() -> None:
    assert len(SNIPPETS) == 7
    assert len(COMMANDS) >= 20


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda path: path.name)
def test_each_snippet_is_shown_as_it_is_tested(snippet: Path) -> None:
    assert f"\n{snippet.read_text(encoding='utf-8').rstrip()}\n```" in TEXT


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_can_be_typed(command: str) -> None:
    words = load_message_catalog(ENGLISH)
    typed = [word for word in shlex.split(command, comments=True) if word != ">"]
    typed = typed[: next((at for at, word in enumerate(typed) if word == "<" or word.startswith("~/")), None)]
    assert CommandLineParser(words, NOW).parse(typed).command == typed[0]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "files.md"], ids=lambda path: path.name)
def test_each_source_file_that_is_named_exists(page: Path) -> None:
    paths = re.findall(r"`((?:[a-z_]+/)+\w+\.(?:py|json|po))`", page.read_text(encoding="utf-8"))
    assert [path for path in paths if not ((ROOT / path).exists() or (ROOT / "guarddog_gui" / path).exists())] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_each_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []
