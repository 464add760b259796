"""Addresses of Redis: what is taken, what is refused, and where the password goes."""

import pytest

from guarddog_gui.domain.sharing.redis_url import (
    RedisAddress,
    RedisKind,
    display_redis_url,
    format_redis_url,
    parse_redis_url,
    take_password,
)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://localhost", RedisAddress(RedisKind.SERVER, (("localhost", 6379),))),
        ("rediss://shop@r.example.com:6380/2", RedisAddress(RedisKind.SERVER, (("r.example.com", 6380),), "", "", 2, "shop", None, True)),
        ("redis://[::1]:7000", RedisAddress(RedisKind.SERVER, (("::1", 7000),))),
        ("redis://:pw@h", RedisAddress(RedisKind.SERVER, (("h", 6379),), password="pw")),
        ("redis://u:p%40w@h?db=3", RedisAddress(RedisKind.SERVER, (("h", 6379),), "", "", 3, "u", "p@w")),
        ("unix:///run/redis.sock?db=1&password=x", RedisAddress(RedisKind.SOCKET, (), "/run/redis.sock", "", 1, "", "x")),
        ("unix://shop@/run/redis.sock", RedisAddress(RedisKind.SOCKET, (), "/run/redis.sock", "", 0, "shop")),
        ("redis+sentinel://a,b:26380/main/1", RedisAddress(RedisKind.SENTINEL, (("a", 26379), ("b", 26380)), "", "main", 1)),
        ("rediss+cluster://a:1,b:2", RedisAddress(RedisKind.CLUSTER, (("a", 1), ("b", 2)), uses_tls=True)),
    ],
)  # fmt: skip
def test_an_address_has_its_parts_and_comes_back(url: str, address: RedisAddress) -> None:
    assert parse_redis_url(url) == address
    without_password = RedisAddress(
        address.kind, address.hosts, address.path, address.service, address.db, address.username, None, address.uses_tls
    )
    assert parse_redis_url(format_redis_url(address)) == without_password


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost", "redis://", "http://localhost", "redis://a,b", "redis://h:70000", "redis://h:x", "redis://h/x",
        "redis://h?ssl_cert_reqs=none", "redis://h?socket_timeout=0", "redis://h#x", "redis://h /0", "redis://h\n",
        "redis+sentinel://a", "redis+cluster://a/1", "unix://", "unix:///", "redis://h/1?db=2", "redis://" + "h" * 2000,
        "redis://h/0/1", "redis://h/-1", "redis://h?db",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    assert parse_redis_url(url) is None
    assert display_redis_url(url) == ""


def test_a_password_is_taken_out_of_what_was_pasted() -> None:
    assert take_password(" redis://user:hunter2@h:6379/0 ") == ("redis://user@h", "hunter2")
    assert take_password("unix:///run/r.sock?password=hunter2") == ("unix:///run/r.sock", "hunter2")
    assert take_password("redis://h") == ("redis://h", None)
    assert take_password("nonsense") == ("nonsense", None)


def test_no_password_is_in_a_repr() -> None:
    assert "hunter2" not in repr(parse_redis_url("redis://user:hunter2@h"))
