"""Addresses to listen on."""

import pytest

from guarddog_gui.cli.serving.listen_address import ListenAddress, parse_host_name, parse_listen_address


@pytest.mark.parametrize(
    ("word", "address", "is_loopback", "is_any"),
    [
        ("127.0.0.1:4364", ListenAddress("127.0.0.1", 4364), True, False),
        ("localhost:0", ListenAddress("127.0.0.1", 0), True, False),
        ("127.9.9.9:1", ListenAddress("127.9.9.9", 1), True, False),
        ("[::1]:8443", ListenAddress("::1", 8443), True, False),
        ("0.0.0.0:8443", ListenAddress("0.0.0.0", 8443), False, True),
        ("[::]:8443", ListenAddress("::", 8443), False, True),
        ("192.0.2.1:443", ListenAddress("192.0.2.1", 443), False, False),
    ],
)
def test_addresses(word: str, address: ListenAddress, *, is_loopback: bool, is_any: bool) -> None:
    assert parse_listen_address(word) == address
    assert (address.is_loopback, address.is_any) == (is_loopback, is_any)
    if not word.startswith("localhost"):
        assert address.with_port(address.port) == word


@pytest.mark.parametrize(
    "word",
    ["", "4364", ":4364", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "a.cn:80", "[::1]", "127.1:80", "1.2.3.4:８０"],
)  # fmt: skip
def test_other_words(word: str) -> None:
    assert parse_listen_address(word) is None


def test_host_names() -> None:
    for name in ("a.cn", "tokens.example.cn", "192.0.2.1", "::1", "xn--fiqs8s"):
        assert parse_host_name(name) == name
    for word in ("", "a.cn:8443", "https://a.cn", "a b", "a,b", ".", "-a", "*"):
        assert parse_host_name(word) is None


def test_a_socket_listens() -> None:
    with ListenAddress("127.0.0.1", 0).open() as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OSError, match=r"[Aa]ddress"):
            ListenAddress("127.0.0.1", port).open()
