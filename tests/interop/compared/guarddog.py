"""Asks our guard_dog for the token twenty times a second, with the loader that everybody writes."""

import json
import sys
import time
import urllib.request

from guarddog_gui.guard_dog import GuardDog, Handler

base, appid, secret, folder = sys.argv[1:]
URL = f"{base}/cgi-bin/token?grant_type=client_credential&appid={appid}&secret={secret}"


def load_token(handler: Handler) -> None:
    try:
        with urllib.request.urlopen(URL) as answer:
            reply = json.load(answer)
    except (OSError, ValueError):
        return
    if reply.get("errcode"):
        return
    handler(reply["access_token"], reply["expires_in"])


def print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


# lives are seconds here in place of hours, and so is the time that a loader is given
guard_dog = GuardDog(folder, patience_s=1)
guard_dog.init("ACCESS_TOKEN", load_token)
while True:
    print_line("?")
    guard_dog.get("ACCESS_TOKEN", print_line)
    time.sleep(0.05)
