"""`accounts share`, `unshare` and `add --follow`, with a real Redis."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from tests.cli.conftest import CliResult, InProcessCli
from tests.fakes import FakeSecretStore
from tests.sharing.conftest import make_redis, redis_server  # noqa: F401 - fixtures
from tests.sharing.redis_server import RedisServer, free_port

PASSWORD = "correct-horse-battery"
MakeRedis = Callable[..., RedisServer]


def everything_written(*roots: Path) -> str:
    files = (file for root in roots for file in root.rglob("*") if file.is_file())
    return "".join(file.read_bytes().decode("utf-8", "replace") for file in files)


@pytest.fixture
def server(make_redis: MakeRedis) -> RedisServer:  # noqa: F811
    return make_redis("--requirepass", PASSWORD)


def share(cli: InProcessCli, server: RedisServer, *more: str, password: str = PASSWORD) -> CliResult:
    arguments = ("accounts", "share", "Shop", "--redis", server.url, "--redis-password-stdin", *more)
    return cli(*arguments, stdin=password + "\n")


def follow(cli: InProcessCli, server: RedisServer) -> None:
    """Turn the computer into another one, which has no AppSecret, and let it follow."""
    cli.secrets, cli.redis_passwords = FakeSecretStore(), MemorySecretStore()
    cli.environ["GUARDDOG_HOME"] += "-other"
    added = cli(
        "accounts", "add", "--appid", cli.wechat.accounts[0].appid, "--name", "Production", "--follow",
        "--redis", server.url, "--redis-password-stdin", stdin=PASSWORD,
    )  # fmt: skip
    assert added.exit_code == 0, added.stderr
    assert added.stdout.startswith("Production: follower · unix://")


def test_one_computer_leads_and_another_follows_without_a_secret(
    guarddogctl: InProcessCli, server: RedisServer
) -> None:
    guarddogctl.clock.now = time.time()  # Redis has this clock
    guarddogctl.add_account()
    shared = share(guarddogctl, server)
    assert (shared.exit_code, shared.stderr) == (0, "")
    assert shared.stdout.startswith("Shop: leader · unix://")
    token = guarddogctl("token").stdout
    calls = guarddogctl.wechat.rules.call_counts.copy()
    follow(guarddogctl, server)
    assert guarddogctl("token").stdout == token
    refused = guarddogctl("refresh", "--force", "--yes")
    assert (refused.exit_code, "follows another computer" in refused.stderr) == (4, True)
    signed = guarddogctl("sign", "https://shop.example.com/")
    assert (signed.exit_code, len(signed.stdout.strip())) == (0, 40)
    assert guarddogctl.wechat.rules.call_counts == calls
    row = guarddogctl("status", "--json").json[0]
    assert (row["role"], row["sharing"]["problem"], row["sharing"]["age"] is not None) == ("follower", None, True)
    assert "Production: follower · unix://" in guarddogctl("status").stderr
    assert PASSWORD not in everything_written(guarddogctl.home.parent)


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        ((), "wrong\n", 4, "refuses the user name or the password"),
        (("--also", "plain"), PASSWORD, 4, "its name is needed"),
        (("--also", "nonsense"), PASSWORD, 4, "no format of keys"),
        (("--redis", "redis://:hunter2@h"), PASSWORD, 4, "contains a password"),
        (("--redis", "nonsense"), PASSWORD, 4, "cannot be the address"),
        (("--redis", f"redis://127.0.0.1:{free_port()}"), PASSWORD, 5, "cannot be reached"),
    ],
)
def test_nothing_is_saved_that_does_not_work(
    guarddogctl: InProcessCli, server: RedisServer, arguments: tuple[str, ...], stdin: str, code: int, words: str
) -> None:
    guarddogctl.add_account()
    refused = share(guarddogctl, server, *arguments, password=stdin)
    assert (refused.exit_code, words in refused.stderr) == (code, True), refused.stderr
    assert "hunter2" not in refused.stderr
    assert guarddogctl("accounts", "show", "Shop", "--json").json["sharing"] is None


def test_a_preview_shows_what_production_has(guarddogctl: InProcessCli, server: RedisServer) -> None:
    guarddogctl.add_account()
    share(guarddogctl, server, "--also", "wxjava", "--also", "plain=shop:token")
    preview = share(guarddogctl, server, "--follow", "--also", "wxjava", "--preview")
    assert preview.exit_code == 0
    appid = guarddogctl.wechat.accounts[0].appid
    assert f"access_token: found in wx:access_token:{appid}, " in preview.stdout
    assert "the same as here, accepted by WeChat" in preview.stdout
    assert guarddogctl("accounts", "show", "Shop", "--json").json["sharing"]["role"] == "leader"


def test_after_unshare_the_account_is_as_before(guarddogctl: InProcessCli, server: RedisServer) -> None:
    guarddogctl.add_account()
    share(guarddogctl, server)
    assert guarddogctl("accounts", "unshare", "Shop").exit_code == 0
    assert guarddogctl("accounts", "show", "Shop", "--json").json["sharing"] is None
    assert guarddogctl("accounts", "unshare", "Shop").exit_code == 2


def test_a_leader_without_a_secret_and_a_share_without_an_address_are_refused(guarddogctl: InProcessCli) -> None:
    added = guarddogctl("accounts", "add", "--appid", "wx0123456789abcdef", "--name", "x", "--redis", "redis://h")
    assert (added.exit_code, "A leader needs an AppSecret." in added.stderr) == (2, True)
    guarddogctl.add_account()
    assert guarddogctl("accounts", "share", "Shop").exit_code == 2


def test_doctor_checks_the_redis_of_shared_accounts(guarddogctl: InProcessCli, server: RedisServer) -> None:
    guarddogctl.add_account()
    guarddogctl.clock.now = time.time()
    assert "sharing" not in {finding["check"] for finding in guarddogctl("doctor", "--json").json}
    share(guarddogctl, server)
    (found,) = [each for each in guarddogctl("doctor", "--json").json if each["check"] == "sharing"]
    assert (found["state"], found["what"]) == ("ok", "Shop: Redis answers and allows what this leader needs.")
    server.kill()
    (found,) = [each for each in guarddogctl("doctor", "--json").json if each["check"] == "sharing"]
    assert (found["state"], found["what"]) == ("bad", "Shop: Redis cannot be reached.")
    assert found["todo"]


def test_status_tells_that_redis_is_down_until_it_is_back(guarddogctl: InProcessCli, server: RedisServer) -> None:
    guarddogctl.add_account()
    share(guarddogctl, server)
    server.kill()
    guarddogctl("refresh")
    assert "Redis cannot be reached." in guarddogctl("status").stderr
    assert guarddogctl("status", "--json").json[0]["sharing"]["problem"] == "redis unreachable"
