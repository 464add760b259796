"""What is wrong with a Redis has words of its own, takes a second at most, and passes by itself."""

import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole, value_key
from guarddog_gui.domain.sharing.values import SharedReading, ShareResult, SharingFailure, ValueToShare
from guarddog_gui.domain.tokens.record import TokenKind
from tests.sharing.certificates import Certificates
from tests.sharing.conftest import APPID, Computer
from tests.sharing.redis_server import RedisServer, free_port

TOKEN = TokenKind.ACCESS_TOKEN
VALUE = "91_" + "v" * 60
PASSWORD = "correct-horse-battery"
MakeRedis = Callable[..., RedisServer]
DOCUMENTATION = Path(__file__).parents[2] / "resources" / "docs" / "sharing.md"


def problem_of(
    computer: Computer, role: SharingRole = SharingRole.LEADER, *, ca_file: str = ""
) -> SharingProblem | None:
    answer = computer.store.read(computer.account(role, ca_file=ca_file), TOKEN)
    return answer.problem if isinstance(answer, SharingFailure) else None


def write(computer: Computer, account: Account | None = None) -> ShareResult | SharingFailure:
    now = time.time()
    return computer.store.write(account or computer.account(), TOKEN, ValueToShare(VALUE, 7200, now, 7200))


def test_a_wrong_password_a_missing_one_and_none_needed(make_redis: MakeRedis) -> None:
    server = make_redis("--requirepass", PASSWORD)
    assert problem_of(Computer(server.url)) is SharingProblem.PASSWORD_MISSING
    assert problem_of(Computer(server.url, password="wrong")) is SharingProblem.PASSWORD_WRONG
    assert problem_of(Computer(server.url, password=PASSWORD)) is None
    assert problem_of(Computer(make_redis().url, password=PASSWORD)) is SharingProblem.PASSWORD_WRONG


def test_a_password_that_was_stored_meanwhile_is_used(make_redis: MakeRedis) -> None:
    from guarddog_gui.domain.accounts.account import Secret

    computer = Computer(make_redis("--requirepass", PASSWORD).url, password="wrong")
    assert problem_of(computer) is SharingProblem.PASSWORD_WRONG
    computer.passwords.set(APPID, Secret(PASSWORD))
    assert problem_of(computer) is None


def test_a_server_that_is_not_there() -> None:
    assert problem_of(Computer(f"redis://127.0.0.1:{free_port()}")) is SharingProblem.UNREACHABLE
    assert problem_of(Computer("unix:///nowhere/redis.sock")) is SharingProblem.UNREACHABLE
    assert problem_of(Computer("redis://redis.invalid")) is SharingProblem.UNKNOWN_HOST


def test_a_frozen_server_costs_a_second_and_only_the_first_call(
    make_redis: MakeRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guarddog_gui.adapters.sharing.redis_store.PAUSE_S", 0.6)
    server = make_redis()
    computer = Computer(server.url)
    assert problem_of(computer) is None
    server.freeze()
    started_at = time.monotonic()
    assert problem_of(computer) is SharingProblem.TIMEOUT
    assert time.monotonic() - started_at < 2.5
    started_at = time.monotonic()
    assert all(problem_of(computer) is SharingProblem.TIMEOUT for _ in range(50))
    assert time.monotonic() - started_at < 0.4
    server.thaw()
    deadline = time.monotonic() + 6
    while problem_of(computer) is not None:  # after a pause it is asked again
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_server_that_is_full(make_redis: MakeRedis) -> None:
    server = make_redis("--maxmemory", "1", "--maxmemory-policy", "noeviction")
    computer = Computer(server.url)
    assert write(computer) is ShareResult.WRITTEN  # few bytes, without which no follower would have a value
    assert computer.store.take_lock(computer.account(), "one") == SharingFailure(SharingProblem.OUT_OF_MEMORY)


def test_a_replica_takes_no_values(make_redis: MakeRedis) -> None:
    server = make_redis("--replicaof", "127.0.0.1", str(free_port()))
    assert write(Computer(server.url)) == SharingFailure(SharingProblem.READ_ONLY)


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
def test_a_policy_that_drops_values_is_found(make_redis: MakeRedis, policy: str) -> None:
    computer = Computer(make_redis("--maxmemory", "50mb", "--maxmemory-policy", policy).url)
    computer.clock.now = time.time()
    assert computer.store.check(computer.account()) == (SharingFailure(SharingProblem.EVICTION, policy),)


def test_a_wrong_clock_is_found_and_a_good_server_has_nothing(redis_server: RedisServer) -> None:
    computer = Computer(redis_server.url)
    computer.clock.now = time.time()
    assert computer.store.check(computer.account()) == ()
    computer.clock.now += 600
    (failure,) = computer.store.check(computer.account())
    assert failure.problem is SharingProblem.CLOCK
    assert abs(float(failure.detail) - 600) < 5


def test_a_check_leaves_nothing_behind(redis_server: RedisServer) -> None:
    computer = Computer(redis_server.url)
    computer.store.check(computer.account())
    time.sleep(0.01)
    assert redis_server.keys() == set()


# -- users with an ACL ---------------------------------------------------------------------------------


def acl_server(make_redis: MakeRedis) -> RedisServer:
    """Return a server with the users of the documentation."""
    server = make_redis()
    lines = [line for line in DOCUMENTATION.read_text(encoding="utf-8").splitlines() if line.startswith("ACL SETUSER")]
    assert [line.split()[2] for line in lines] == ["follower", "leader"]
    for line in lines:
        server.client().execute_command(
            *line.replace("wx0123456789abcdef", APPID).replace(">PASSWORD", f">{PASSWORD}").split()
        )
    return server


def test_a_leader_can_be_kept_to_its_keys(make_redis: MakeRedis) -> None:
    server = acl_server(make_redis)
    computer = Computer(server.url_of("leader"), password=PASSWORD)
    computer.clock.now = time.time()
    assert computer.store.check(computer.account()) == ()
    assert write(computer) is ShareResult.WRITTEN
    other = Account(
        "wx0000000000000000", "Other", sharing=Sharing(SharingRole.LEADER, server.url_of("leader"), has_password=True)
    )
    from guarddog_gui.domain.accounts.account import Secret

    computer.passwords.set(other.appid, Secret(PASSWORD))
    assert write(computer, other) == SharingFailure(SharingProblem.PERMISSION)


def test_a_follower_that_may_only_read_does_all_it_does(make_redis: MakeRedis) -> None:
    server = acl_server(make_redis)
    writer = Computer(server.url_of("leader"), password=PASSWORD)
    write(writer)
    reader = Computer(server.url_of("follower"), password=PASSWORD)
    account = reader.account(SharingRole.FOLLOWER)
    assert reader.store.check(account) == ()
    answer = reader.store.read(account, TOKEN)
    assert isinstance(answer, SharedReading)
    assert answer.value is not None
    assert answer.value.value == VALUE
    assert reader.store.look(account, None) is not None


def test_a_follower_cannot_write_and_does_not_try(make_redis: MakeRedis) -> None:
    server = acl_server(make_redis)
    reader = Computer(server.url_of("follower"), password=PASSWORD)
    assert write(reader, reader.account(SharingRole.FOLLOWER)) == SharingFailure(SharingProblem.FOLLOWER)
    # as a leader it tries, and Redis refuses each of the ways
    assert write(reader) == SharingFailure(SharingProblem.PERMISSION)
    assert reader.store.take_lock(reader.account(), "one") == SharingFailure(SharingProblem.PERMISSION)
    assert {failure.problem for failure in reader.store.check(reader.account())} == {SharingProblem.PERMISSION}
    assert server.keys() == set()


def test_a_follower_sends_reading_commands_only(redis_server: RedisServer) -> None:
    write(Computer(redis_server.url))
    client = redis_server.client()
    client.config_resetstat()
    follower = Computer(redis_server.url)
    account = follower.account(SharingRole.FOLLOWER)
    for _ in range(3):
        follower.store.read(account, TOKEN)
    follower.store.check(account)
    follower.store.look(account, None)
    sent = {name.removeprefix("cmdstat_").partition("|")[0] for name in client.info("commandstats")}
    assert sent - {"config", "info", "memory"} == {"pttl", "hgetall", "subscribe"}
    assert client.get(value_key(APPID, TOKEN).replace(":ACCESS_TOKEN", ":lock")) is None


# -- TLS ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def tls_server(make_redis: MakeRedis, certificates: Certificates, name: str) -> RedisServer:
    port = free_port()
    key, certificate = certificates.issue(name)
    server = make_redis(
        "--tls-port", str(port), "--tls-cert-file", str(certificate), "--tls-key-file", str(key),
        "--tls-ca-cert-file", str(certificates.ca_file), "--tls-auth-clients", "no",
    )  # fmt: skip
    server.port = port
    return server


def test_tls_with_the_authority_of_a_file(make_redis: MakeRedis, certificates: Certificates) -> None:
    server = tls_server(make_redis, certificates, "localhost")
    computer = Computer(f"rediss://localhost:{server.port}")
    assert problem_of(computer, ca_file=str(certificates.ca_file)) is None
    assert problem_of(computer) is SharingProblem.TLS_UNTRUSTED  # by the system's list alone


def test_tls_with_the_authority_that_the_system_trusts(
    make_redis: MakeRedis, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_file))
    server = tls_server(make_redis, certificates, "localhost")
    assert problem_of(Computer(f"rediss://localhost:{server.port}")) is None


def test_a_certificate_of_another_host_an_expired_one_and_none(
    make_redis: MakeRedis, certificates: Certificates
) -> None:
    ca_file = str(certificates.ca_file)
    other = tls_server(make_redis, certificates, "redis.example.com")
    assert problem_of(Computer(f"rediss://localhost:{other.port}"), ca_file=ca_file) is SharingProblem.TLS_WRONG_NAME
    old = tls_server(make_redis, certificates, "expired.localhost")
    url = f"rediss://localhost:{old.port}"
    assert problem_of(Computer(url), ca_file=ca_file) is SharingProblem.TLS_EXPIRED


def test_tls_to_a_plain_port_and_the_reverse(make_redis: MakeRedis, certificates: Certificates) -> None:
    plain = make_redis(uses_port=True)
    tls = tls_server(make_redis, certificates, "localhost")
    to_plain, to_tls = Computer(f"rediss://127.0.0.1:{plain.port}"), Computer(f"redis://127.0.0.1:{tls.port}")
    for computer in (to_plain, to_tls):
        (failure,) = computer.store.check(computer.account())
        assert failure.problem is SharingProblem.TLS_MISMATCH


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_file_that_cannot_be_used(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    assert problem_of(Computer("rediss://localhost:1"), ca_file=str(file)) is SharingProblem.CA_FILE


def test_openssl_is_what_the_texts_of_errors_come_from() -> None:
    """The texts are those of OpenSSL 3; a new major version may have others."""
    assert ssl.OPENSSL_VERSION_INFO[0] == 3
    assert subprocess.run(["openssl", "version"], capture_output=True, check=True).stdout


def test_without_the_library_the_reason_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    assert problem_of(Computer("redis://localhost")) is SharingProblem.NOT_INSTALLED


def test_no_password_and_no_value_is_in_a_failure(make_redis: MakeRedis) -> None:
    server = make_redis("--requirepass", PASSWORD)
    computer = Computer(server.url, password="hunter2-wrong")
    failure = computer.store.read(computer.account(), TOKEN)
    assert "hunter2" not in repr(failure)
    assert "hunter2" not in repr(computer.account())
