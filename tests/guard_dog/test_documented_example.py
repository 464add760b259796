"""The example of the documentation, pasted into a file and run against the embedded WeChat."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from guarddog_gui.sandbox.server import SandboxServer

PAGE = Path(__file__).parents[2] / "resources" / "docs" / "python-library.md"


def test_it_runs_when_pasted_and_uses_the_stable_endpoint(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    example = next(block for block in blocks if "guard_dog.init" in block)
    with SandboxServer(time.time) as wechat:
        account = wechat.accounts[0]
        program = tmp_path / "example.py"
        program.write_text(example.replace("https://api.weixin.qq.com", wechat.base_url), "utf-8")
        environ = {**os.environ, "WX_APPID": account.appid, "WX_SECRET": account.secret}
        done = subprocess.run(
            [sys.executable, str(program)], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        assert wechat.rules.used_today(account.appid, "/cgi-bin/stable_token") == 1
    first, second = done.stdout.splitlines()
    assert first == second
    assert (tmp_path / "dogs" / "ACCESS_TOKEN.dog").is_file()
    assert done.stderr == ""
