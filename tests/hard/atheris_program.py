"""Program that fuzzes one parser with atheris, guided by the branches that an input reaches.

Arguments: the parser, the number of inputs, and a folder for the inputs that reach something new.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

atheris: Any = import_module("atheris")  # it carries no types, and has no wheel for some platforms

with atheris.instrument_imports(include=["guarddog_gui.domain"]):
    from guarddog_gui.domain.paste import config, reply
    from guarddog_gui.domain.tokens import dog_format
    from guarddog_gui.domain.wechat import protocol


def parse_dog_file(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    record = dog_format.parse_token_record(text)
    assert record is None or dog_format.parse_token_record(dog_format.format_token_record(record)) == record
    dog_format.parse_dog(text)


def parse_reply(data: bytes) -> None:
    protocol.parse_token_reply(protocol.Reply(200, data), "access_token", secrets=("T",))


def parse_paste(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    problem = config.read_config(text).problem
    assert problem is None or "-" in problem
    reply.read_reply(text, {40001, 40164})


PARSERS = {"dog": parse_dog_file, "reply": parse_reply, "paste": parse_paste}

if __name__ == "__main__":
    name, runs, corpus = sys.argv[1:]
    options = [sys.argv[0], f"-runs={runs}", "-timeout=5", "-max_len=4096", "-seed=1", "-verbosity=0", corpus]
    atheris.Setup(options, PARSERS[name])
    atheris.Fuzz()
