"""`accounts add`, `accounts list` and `accounts remove`."""

import json
from dataclasses import dataclass, replace

from guarddog_gui.cli.argument_types import typed_path
from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk, NobodyToAsk
from guarddog_gui.cli.select_account import chosen, none_found
from guarddog_gui.domain.accounts.account import Account, Endpoint, Platform, Secret, account_refusal
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.targets import Outlet, outlet_fields
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.accounts import AccountBook, NotSaved
from guarddog_gui.services.exit_codes import Exit, exit_of_entry, exit_of_trouble
from guarddog_gui.services.messages.exports import standing
from guarddog_gui.services.messages.message import Sentence


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What `accounts add` was told; None leaves a known account as it is, a new one at its default.

    Only a name has none. An empty `dog_dir` is the usual folder.
    """

    appid: str
    name: str | None = None
    platform: Platform | None = None
    endpoint: Endpoint | None = None
    dog_dir: str | None = None
    ahead: int | None = None
    card_ticket: bool | None = None
    js_domains: tuple[str, ...] | None = None
    outlets: tuple[Outlet, ...] | None = None


def add(desk: Desk, told: NewAccount, *, secret_stdin: bool, check: bool) -> Exit:
    """Try the credentials, then save them; nothing is saved when they, or its folder, do not work."""
    terminal, sentences = desk.terminal, desk.sentences
    known = next((a for a in desk.stores.accounts.accounts() if a.appid == told.appid), None)
    account = _as_told(told, known or Account(told.appid, ""))
    wrong = _wrong(desk, told, account)
    if wrong is not None:
        raise Stop(Exit.WRONG_USAGE, wrong)  # before a secret is asked for
    book = desk.stores.engine().book  # nor for a bad address
    if known is None or account.dog_dir != known.dog_dir:
        _say_what_is_there(desk, book, account)
    if account.endpoint is Endpoint.CLASSIC:
        terminal.say(sentences.classic_warning())
    secret = _secret(desk, account, secret_stdin=secret_stdin)
    verdict = None
    if check:
        verdict = book.check(account, secret)
        if not verdict.is_good:
            terminal.say(sentences.verdict(verdict))
            terminal.say(sentences.say("account-not-saved", name=account.name))
            return exit_of_entry(verdict.entry, desk.stores.catalogue)
    saving = book.save(account, secret, verdict)
    if isinstance(saving, NotSaved):
        terminal.say(sentences.saving(saving))
        return exit_of_trouble(saving.reason)
    if verdict is not None:
        terminal.put(sentences.verdict(verdict).text)
    terminal.put(sentences.saving(saving).text)
    _hand_on(desk, account)
    return Exit.DONE


def _wrong(desk: Desk, told: NewAccount, account: Account) -> Sentence | None:
    """What of the arguments cannot be meant."""
    say = desk.sentences.say
    if not account.name and told.name is None:
        return Sentence(say("name-needed"), say("name-needed-todo"))
    if told.card_ticket and account.platform is Platform.MINI_PROGRAM:
        key = desk.sentences.key(TokenKind.CARD_TICKET)
        return Sentence(say("no-such-key", name=account.name, key=key), say("no-card-ticket-todo"))
    refusal = account_refusal(account)
    return None if refusal is None else desk.sentences.expected(refusal)


def _hand_on(desk: Desk, account: Account) -> None:
    for report in desk.stores.outlets().hand_on(account):
        said = standing(report, desk.sentences)
        if report.trouble is None:
            desk.terminal.put(said.text)
        else:
            desk.terminal.say(said)


def _say_what_is_there(desk: Desk, book: AccountBook, account: Account) -> None:
    """What a chosen folder has, and what becomes of it; one that cannot be used is told when it is tried."""
    if account.dog_dir is None:
        return
    found = book.survey(account)
    said = desk.sentences.found(found, account.kinds, desk.stores.clock())
    if found.trouble is None and said.text:
        desk.terminal.say(said)


def _as_told(told: NewAccount, account: Account) -> Account:
    if told.name is not None:
        account = replace(account, name=told.name)
    if told.platform is not None:
        account = replace(account, platform=told.platform)
    if told.endpoint is not None:
        account = replace(account, endpoint=told.endpoint)
    if told.dog_dir is not None:
        account = replace(account, dog_dir=typed_path(told.dog_dir) if told.dog_dir else None)
    if told.ahead is not None:
        account = replace(account, ahead=told.ahead)
    if told.card_ticket is not None:
        account = replace(account, card_ticket=told.card_ticket)
    if told.js_domains is not None:
        account = replace(account, js_domains=told.js_domains)
    if told.outlets is not None:
        account = replace(account, outlets=told.outlets)
    return account


def _secret(desk: Desk, account: Account, *, secret_stdin: bool) -> Secret:
    say = desk.sentences.say
    if secret_stdin:
        try:
            typed = desk.terminal.stdin.readline()
        except UnicodeDecodeError:
            raise BadInput("bad-secret") from None  # without the text, which may be the secret
        return Secret(typed.strip("\ufeff \t\r\n"))  # Windows shells put a BOM in front
    try:
        return Secret(desk.terminal.ask_hidden(say("ask-secret", name=account.name)).strip())
    except NobodyToAsk:
        raise Stop(Exit.WRONG_USAGE, Sentence(say("no-terminal"), say("no-terminal-todo"))) from None


def show(desk: Desk, *, as_json: bool) -> Exit:
    """All accounts, without secrets."""
    accounts = desk.stores.accounts.accounts()
    if as_json:
        desk.terminal.put(
            json.dumps([_fields(account) for account in accounts], ensure_ascii=False, indent=2)
        )
        return Exit.DONE
    if not accounts:
        desk.terminal.say(none_found(desk))
        return Exit.DONE
    say = desk.sentences.say
    desk.terminal.put_table(
        [
            (
                account.name,
                account.appid,
                desk.sentences.platform(account.platform),
                say(f"endpoint-{account.endpoint}"),
                desk.stores.dogs.directory(account),
            )
            for account in accounts
        ]
    )
    return Exit.DONE


def _fields(account: Account) -> dict[str, object]:
    return {
        "appid": account.appid,
        "name": account.name,
        "platform": account.platform.value,
        "endpoint": account.endpoint.value,
        "dog_dir": account.dog_dir,
        "ahead": account.ahead,
        "card_ticket": account.card_ticket,
        "js_domains": account.js_domains,
        "outlets": [outlet_fields(outlet) for outlet in account.outlets],
    }


def remove(desk: Desk, wanted: str, *, purge: bool) -> Exit:
    """Forget an account and its secret."""
    account = chosen(desk, wanted)
    removed = desk.stores.engine().book.remove(account.appid, purge=purge)
    if removed.left_behind is None:
        desk.terminal.put(desk.sentences.removed(removed).text)
        return Exit.DONE
    desk.terminal.say(desk.sentences.removed(removed))
    return exit_of_trouble(removed.left_behind)
