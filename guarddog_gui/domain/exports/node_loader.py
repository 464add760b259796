"""The loader with which a Node program follows our files: `resources/snippets/follower.js`, ready to use."""

import json

EXAMPLE_INIT = "guard_dog.init('ACCESS_TOKEN'"
EXAMPLE_PATH = "'/…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog'"


def render_node_loader(snippet: str, key: str, path: str) -> str:
    """The snippet whose example names this key and its file."""
    named = snippet.replace(EXAMPLE_INIT, EXAMPLE_INIT.replace("ACCESS_TOKEN", key))
    return named.replace(EXAMPLE_PATH, json.dumps(path, ensure_ascii=False))
