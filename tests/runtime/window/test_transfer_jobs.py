"""Jobs that export and import accounts, in a worker thread."""

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.transfer import ImportPlan, TransferProblem
from guarddog_gui.runtime.window.transfer_jobs import ExportAccounts, ImportAccounts, OpenedFile, ReadTransferFile
from tests.runtime.harness import SHOP, runtime_harness


def test_what_is_exported_can_be_read_and_imported() -> None:
    with runtime_harness(SHOP) as harness:
        context = harness.make_context()
        content = ExportAccounts("/x.age", Secret("passphrase")).run(context)
        opened = ReadTransferFile("/x.age", Secret("passphrase")).run(context)

        assert isinstance(opened, OpenedFile)
        assert opened.content == content
        assert opened.plan.kept == opened.content.accounts
        harness.accounts.stored = ()
        plan = ImportAccounts(opened.content, replaces_existing=False, takes_settings=True).run(context)
        assert harness.accounts.load() == (SHOP,)
        assert isinstance(plan, ImportPlan)
        assert plan.added == opened.content.accounts
        assert ReadTransferFile("/x.age", Secret("other")).run(context) is TransferProblem.WRONG_PASSPHRASE


def test_no_passphrase_is_in_the_repr_of_a_job() -> None:
    for job in (ExportAccounts("/x", Secret("passphrase")), ReadTransferFile("/x", Secret("passphrase"))):
        assert "passphrase'" not in repr(job)
