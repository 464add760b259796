"""Loader for Node programs that read `.dog` files: `resources/snippets/follower.js`, names filled in."""

import json

EXAMPLE_INIT = "guard_dog.init('ACCESS_TOKEN'"
EXAMPLE_PATH = "'/…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog'"


def render_node_loader(snippet: str, key: str, path: str) -> str:
    named = snippet.replace(EXAMPLE_INIT, EXAMPLE_INIT.replace("ACCESS_TOKEN", key))
    return named.replace(EXAMPLE_PATH, json.dumps(path, ensure_ascii=False))
