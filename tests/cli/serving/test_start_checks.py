"""What `serve` refuses to start with."""

import pytest

from guarddog_gui.cli.serving.listen_address import ListenAddress
from guarddog_gui.cli.serving.start_checks import host_names
from tests.cli.conftest import InProcessCli

TLS = ("--tls-cert", "c.pem", "--tls-key", "k.pem")


@pytest.mark.parametrize(
    ("options", "exit_code", "words", "chinese"),
    [
        (("--listen", "192.0.2.1:80"), 2, "without TLS", "没有 TLS 时"),
        (("--listen", "0.0.0.0:80"), 2, "without TLS", "没有 TLS 时"),
        (("--listen", "[::]:80", *TLS), 2, "--host NAME", "--host NAME"),
        (("--tls-cert", "c.pem"), 2, "--tls-key", "--tls-key"),
        (("--tls-key", "k.pem"), 2, "--tls-cert", "--tls-cert"),
        (("--listen", "192.0.2.1:80", *TLS), 4, "no key yet", "还没有密钥"),
        (("--listen", "127.0.0.1"), 2, "127.0.0.1:4364", "127.0.0.1:4364"),
        (("--listen", "a.cn:80"), 2, "127.0.0.1:4364", "127.0.0.1:4364"),
        (("--host", "a.cn:80"), 2, "without a port", "不带端口"),
        (("--rate", "0"), 2, "1000000", "1000000"),
        (("--listen", "127.0.0.1:0", *TLS), 7, "there is no such file", "没有"),
    ],
)
def test_what_is_unsafe_or_of_no_use_is_refused_with_the_way_out(
    guarddogctl: InProcessCli, options: tuple[str, ...], exit_code: int, words: str, chinese: str
) -> None:
    for language, expected in (("en", words), ("zh_CN", chinese)):
        ran = guarddogctl("serve", *options, GUARDDOG_LANG=language)
        assert (ran.exit_code, ran.stdout) == (exit_code, ""), ran.stderr
        assert expected in ran.stderr
        assert "Errno" not in ran.stderr


def test_an_address_of_another_computer_cannot_be_used(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    guarddogctl("serve", "keys", "add", "ci")
    ran = guarddogctl("serve", "--listen", "192.0.2.1:4364", "--tls-cert", "x", "--tls-key", "y")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "192.0.2.1:4364 cannot be used" in ran.stderr


def test_names_of_the_server() -> None:
    own = ("127.0.0.1", "localhost", "::1")
    assert host_names(ListenAddress("0.0.0.0", 1), ["a.cn"]) == (*own, "a.cn")
    assert host_names(ListenAddress("192.0.2.1", 1), []) == (*own, "192.0.2.1")
