"""Call `get` of our guard_dog twenty times a second, with a typical loader that ignores errors."""

import json
import sys
import time
import urllib.request

from guarddog_gui.guard_dog import GuardDog, Handler

base, appid, secret, folder = sys.argv[1:]
URL = f"{base}/cgi-bin/token?grant_type=client_credential&appid={appid}&secret={secret}"


def load_token(handler: Handler) -> None:
    try:
        with urllib.request.urlopen(URL) as response:
            reply = json.load(response)
    except (OSError, ValueError):
        return
    if reply.get("errcode"):
        return
    handler(reply["access_token"], reply["expires_in"])


def print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# Tokens live for seconds here instead of hours, so the loader's timeout is short too.
guard_dog = GuardDog(folder, patience_s=1)
guard_dog.init("ACCESS_TOKEN", load_token)
while True:
    print_line("?")
    guard_dog.get("ACCESS_TOKEN", print_line)
    time.sleep(0.05)
