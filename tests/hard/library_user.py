"""Web server with nothing but the library: prints each value that it gets, as a line of JSON."""

from __future__ import annotations

import json
import sys
import time

import guarddog_gui
from guarddog_gui.domain.errors import GuardDogError

PAUSE_S = 30.0


def main(appid: str) -> None:
    ways = {"ACCESS_TOKEN": guarddog_gui.access_token, "JSAPI_TICKET": guarddog_gui.jsapi_ticket}
    while True:
        for kind, get in ways.items():
            # A value is judged by the moment of the call, as those of the commands: it may die on its way back.
            line: dict[str, object] = {"kind": kind, "at": time.time()}
            try:
                line["value"] = get(appid)
            except GuardDogError as error:
                line["error"] = type(error).__name__
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1])
