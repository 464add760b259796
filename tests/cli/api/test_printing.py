"""Output of `api` in the real program, where standard output is a pipe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guarddog_gui.domain.api.answer import Content, detect_content
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli


def test_a_picture_goes_into_a_pipe_as_it_is(installed_ctl: SubprocessCli, tmp_path: Path) -> None:
    mini = installed_ctl.wechat.accounts[2]
    installed_ctl(
        "accounts", "add", "--appid", mini.appid, "--name", "Mini", "--platform", "mini-program", "--secret-stdin",
        stdin=mini.secret + "\n",
    )  # fmt: skip
    with (tmp_path / "code.png").open("wb") as file:
        command = [GUARDDOGCTL, "api", "POST", "wxa/getwxacodeunlimit", "--data", '{"scene":"id=1"}']
        subprocess.run(command, env=installed_ctl.environ, stdout=file, timeout=60, check=True)
    assert detect_content((tmp_path / "code.png").read_bytes()) is Content.PNG


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")  # noqa: PTH110 - one text
def test_a_picture_that_cannot_be_written_is_no_crash(installed_ctl: SubprocessCli) -> None:
    mini = installed_ctl.wechat.accounts[2]
    installed_ctl(
        "accounts", "add", "--appid", mini.appid, "--name", "Mini", "--platform", "mini-program", "--secret-stdin",
        stdin=mini.secret + "\n",
    )  # fmt: skip
    command = [GUARDDOGCTL, "api", "POST", "wxa/getwxacodeunlimit", "--data", '{"scene":"id=1"}']
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - one text
        environ = installed_ctl.environ
        ran = subprocess.run(command, env=environ, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert ran.returncode == 7
    assert b"No space left" in ran.stderr


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX only")
def test_a_body_in_the_encoding_of_an_old_terminal_is_understood(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    body = '{"button":[{"type":"click","name":"花","key":"K"}]}'.encode("gb18030")
    command: list[str | bytes] = [GUARDDOGCTL, "api", "POST", "cgi-bin/menu/create", "--data", body]
    assert subprocess.run(command, env=installed_ctl.environ, timeout=60, check=False).returncode == 0
    assert "花" in installed_ctl("api", "GET", "cgi-bin/menu/get").stdout


def test_the_command_works_where_qt_is_missing(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    code = (
        "import sys; sys.modules['PySide6'] = None; sys.argv = ['guarddogctl', 'api', 'GET', 'cgi-bin/user/get']; "
        "from guarddog_gui.__main__ import ctl; sys.exit(ctl())"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=installed_ctl.environ, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert '"openid"' in ran.stdout
