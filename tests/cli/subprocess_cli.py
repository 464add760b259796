"""Somebody who uses guarddogctl as it is installed, in processes of its own."""

import os
import subprocess
import sysconfig
from pathlib import Path

from guarddog_gui.sandbox.server import SandboxServer

GUARDDOGCTL = str(Path(sysconfig.get_path("scripts"), "guarddogctl"))


class SubprocessCli:
    """Somebody with a home, a keyring in a file, and a terminal."""

    def __init__(self, home: Path, wechat: SandboxServer, timeout_s: float = 60) -> None:
        self.home = home
        self.wechat = wechat
        self.timeout_s = timeout_s
        self.shop = wechat.accounts[0]
        self.keyring_file = home / "keyring.json"
        self.environ = {
            "PATH": os.environ["PATH"],
            "GUARDDOG_HOME": str(home / "guarddog"),
            "GUARDDOG_API_BASE": wechat.base_url,
            "GUARDDOG_LANG": "en",
            "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH")))),
            "TEST_KEYRING_FILE": str(self.keyring_file),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        if "SYSTEMROOT" in os.environ:  # Windows has no sockets without it
            self.environ["SYSTEMROOT"] = os.environ["SYSTEMROOT"]

    def __call__(self, *argv: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [GUARDDOGCTL, *argv],
            input=stdin,
            env=self.environ | environ,
            capture_output=True,
            encoding="utf-8",
            timeout=self.timeout_s,
            check=False,
        )

    def add_account(self, *more: str) -> subprocess.CompletedProcess[str]:
        return self(
            "accounts", "add", "--appid", self.shop.appid, "--name", "Shop", "--secret-stdin", *more,
            stdin=self.shop.secret + "\n",
        )  # fmt: skip
