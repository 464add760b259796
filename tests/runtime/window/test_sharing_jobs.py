"""Jobs that share accounts, in a worker thread."""

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.runtime.window.sharing_jobs import CheckSharing, PreviewSharing, ShareAccount, UnshareAccount
from guarddog_gui.services.accounts.sharing_service import AccountShared
from tests.fake_sharing import DOWN
from tests.runtime.harness import SHOP, TOKEN, runtime_harness

SHARING = Sharing(SharingRole.LEADER, "redis://redis.example.com")


def test_an_account_is_shared_checked_looked_at_and_kept_alone_again() -> None:
    with runtime_harness(SHOP) as harness:
        context = harness.make_context()
        shared = ShareAccount(SHOP, SHARING, Secret("password")).run(context)
        assert isinstance(shared, AccountShared)
        assert harness.accounts.load() == (shared.account,)
        preview = PreviewSharing(SHOP, SHARING).run(context)
        assert preview.values[0].shared is not None
        record = harness.dogs.read(SHOP, TOKEN)
        assert record is not None
        assert preview.values[0].shared.value == record.value
        assert CheckSharing(shared.account).run(context) == ()
        harness.redis.failure = DOWN
        assert CheckSharing(shared.account).run(context) == (DOWN,)
        assert isinstance(UnshareAccount(shared.account).run(context), AccountShared)
        assert harness.accounts.load() == (SHOP,)


def test_no_password_is_in_the_repr_of_a_job() -> None:
    assert "password'" not in repr(ShareAccount(SHOP, SHARING, Secret("password")))
