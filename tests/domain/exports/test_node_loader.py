"""Loader for Node programs."""

from pathlib import Path

from guarddog_gui.domain.exports.node_loader import EXAMPLE_INIT, EXAMPLE_PATH, render_node_loader

SNIPPET = (Path(__file__).parents[3] / "resources" / "snippets" / "follower.js").read_text(encoding="utf-8")


def test_the_loader_names_the_key_and_its_file() -> None:
    path = r"C:\Users\小明\dogs\wx1\JSAPI_TICKET.dog"
    text = render_node_loader(SNIPPET, "JSAPI_TICKET", path)
    assert f"""guard_dog.init('JSAPI_TICKET', follow("{path.replace(chr(92), chr(92) * 2)}"), own)""" in text
    assert EXAMPLE_INIT not in text
    assert EXAMPLE_PATH not in text
    assert text.count("\n") == SNIPPET.count("\n")
