"""`sandbox` serves an embedded WeChat until it is stopped."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli


@pytest.mark.parametrize(("language", "words"), [("en", "another program has it"), ("zh_CN", "占用")])
def test_a_port_that_is_taken_is_said_in_words(guarddogctl: InProcessCli, language: str, words: str) -> None:
    port = guarddogctl.wechat.base_url.rpartition(":")[2]

    ran = guarddogctl("sandbox", "--port", port, GUARDDOG_LANG=language)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert words in ran.stderr
    assert port in ran.stderr
    assert "Errno" not in ran.stderr


# -- in a process of its own -----------------------------------------------------------------------


@contextmanager
def running_sandbox(environ: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [GUARDDOGCTL, "sandbox", *arguments],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def told_by(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(4)]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_gives_an_address_and_an_account_that_works_and_stops_when_told(
    installed_ctl: SubprocessCli, number: int
) -> None:
    with running_sandbox(installed_ctl.environ) as sandbox:
        told = told_by(sandbox)
        added = installed_ctl(
            "accounts", "add", "--appid", told["WECHAT_APPID"], "--name", "Sandbox", "--secret-stdin",
            stdin=told["WECHAT_APPSECRET"], GUARDDOG_API_BASE=told["GUARDDOG_API_BASE"],
        )  # fmt: skip
        sandbox.send_signal(number)
        _, words = sandbox.communicate(timeout=10)

        assert added.returncode == 0
        assert sandbox.returncode == 0
        assert "guarddogctl accounts add" in words
        assert "Traceback" not in words


def test_a_port_that_is_taken_is_wrong_usage(installed_ctl: SubprocessCli) -> None:
    port = installed_ctl.wechat.base_url.rpartition(":")[2]

    ran = installed_ctl("sandbox", "--port", port)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert port in ran.stderr
    assert "Errno" not in ran.stderr
