"""Rules for an account that need the other accounts and the disk."""

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Secret, find_with_same_name, secret_problem, validate_account
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import targets_overlap, validate_targets
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.services import ports


class AccountValidator(Struct):
    """Refuse an account whose folder, exports or name belong to another one of the given accounts."""

    dog_files: ports.DogFileStore
    export_files: ports.ExportFileWriter

    def validate(self, account: Account, accounts: tuple[Account, ...], secret: Secret | None = None) -> None:
        """Raise BadInput if the account cannot be saved like this, or the new AppSecret is none."""
        resolve = self.export_files.resolve_links
        error = validate_account(account) or validate_targets(resolve(account.exports))
        if error is not None:
            raise error
        if secret is not None and (problem := secret_problem(secret.reveal())) is not None:
            raise BadInput(problem)
        targets_of_others = [resolve(other.exports) for other in self.reject_shared_folder(account, accounts)]
        for target in account.exports:
            if any(targets_overlap(resolve((target,)), targets) for targets in targets_of_others):
                raise BadInput(InputProblem.EXPORT_OF_OTHER_ACCOUNT, target.display_name)

    def reject_taken_name(self, account: Account, accounts: tuple[Account, ...]) -> None:
        """Raise BadInput if the name would not tell the account from another one; earlier versions allowed it."""
        same = find_with_same_name(account, accounts)
        if same is not None:
            raise BadInput(InputProblem.NAME_TAKEN, same.appid)

    def reject_shared_folder(self, account: Account, accounts: tuple[Account, ...]) -> list[Account]:
        """Return the other accounts; raise BadInput if one of them uses the folder of this one."""
        others = [other for other in accounts if other.appid != account.appid]
        if any(self.dog_files.has_same_folder(account, other) for other in others):
            raise BadInput(InputProblem.DOG_DIR_TAKEN)
        return others
