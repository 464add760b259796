"""`doctor`: whether everything that Guard Dog needs is as it should be; fit for a bug report."""

import json
import logging
import platform
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib import metadata

from guarddog_gui import __version__
from guarddog_gui.adapters.health.keyring import NOBODY, look_at_keyring
from guarddog_gui.adapters.health.network import look_at_network
from guarddog_gui.adapters.health.paths import look_at_file, look_at_folder, look_at_named_folder
from guarddog_gui.adapters.health.tray import look_at_tray
from guarddog_gui.cli import colours
from guarddog_gui.cli.anonymize import anonymous, home_of_this_person, name_of_this_person
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.table import padded, width_of
from guarddog_gui.domain.accounts.keyring_results import Locked, Unavailable
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.health import Check, Finding, Health, KeyringSeen, PathSeen
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.foreign_writes import foreign_writes
from guarddog_gui.services.messages import health as checkup
from guarddog_gui.services.messages.message import Sentence, Sentences

PATIENCE_S = 14.0  # for all checks together, whatever hangs

_SHAPES = {Health.OK: "✓", Health.DOUBTFUL: "?", Health.BAD: "✗", Health.NOT_CHECKED: "–"}
_CODES = {
    Check.ACCOUNTS: Exit.FILE,
    Check.FILES: Exit.FILE,
    Check.KEYRING: Exit.KEYRING,
    Check.ADDRESS: Exit.PERSON_MUST_ACT,
    Check.CLOCK: Exit.PERSON_MUST_ACT,
}
_WORST_FIRST = (Exit.FILE, Exit.KEYRING, Exit.PERSON_MUST_ACT, Exit.TRY_LATER)

_log = logging.getLogger(__name__)
Look = Callable[[], tuple[Finding, ...]]


def doctor(desk: Desk, *, as_json: bool, patience_s: float = PATIENCE_S) -> Exit:
    """Everything is looked at side by side; what does not answer in time is a finding, too."""
    looks: dict[Check, Look] = {
        Check.VERSIONS: lambda: (_versions(),),
        Check.ACCOUNTS: lambda: (_accounts(desk),),
        Check.KEYRING: lambda: (checkup.on_keyring(_keyring(desk), desk.sentences),),
        Check.FILES: lambda: _files(desk),
        Check.WRITERS: lambda: _writers(desk),
        Check.OUTLETS: lambda: _outlets(desk),
        Check.NETWORK: lambda: _network(desk),
        Check.TRAY: lambda: (checkup.on_tray(look_at_tray(desk.terminal.environ), desk.sentences),),
    }
    findings = [_anonymous(finding) for finding in _side_by_side(looks, patience_s, desk.sentences)]
    if as_json:
        _put_json(desk, findings)
    else:
        _put_lines(desk, findings)
    codes = {
        _CODES.get(finding.check, Exit.TRY_LATER) for finding in findings if finding.health is Health.BAD
    }
    return next((code for code in _WORST_FIRST if code in codes), Exit.DONE)


# -- side by side ----------------------------------------------------------------------------------


def _side_by_side(looks: dict[Check, Look], patience_s: float, sentences: Sentences) -> list[Finding]:
    """The findings in the order of the looks. Threads that hang are left behind; they end with us."""
    until = time.monotonic() + patience_s
    begun = [(check, _begun(look)) for check, look in looks.items()]
    findings: list[Finding] = []
    for check, future in begun:
        try:
            findings += future.result(max(0.0, until - time.monotonic()))
        except TimeoutError:
            findings.append(checkup.on_silence(check, sentences))
        except Exception:  # noqa: BLE001 - the other checks have something to say all the same
            _log.exception("the check of %s ended by a mistake of its own", check)
            findings.append(checkup.found(check, Health.BAD, sentences.crash()))
    return findings


def _begun(look: Look) -> Future[tuple[Finding, ...]]:
    future: Future[tuple[Finding, ...]] = Future()

    def work() -> None:
        try:
            future.set_result(look())
        except BaseException as error:  # noqa: BLE001 - it belongs to the thread that waits
            future.set_exception(error)

    threading.Thread(target=work, name="checkup", daemon=True).start()
    return future


# -- the looks -------------------------------------------------------------------------------------


def _versions() -> Finding:
    try:
        qt = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        qt = "–"
    python, system = platform.python_version(), platform.platform()
    what = f"Guard Dog {__version__} · Python {python} · PySide6 {qt} · {system}"
    return checkup.found(Check.VERSIONS, Health.OK, Sentence(what))


def _accounts(desk: Desk) -> Finding:
    accounts = desk.stores.accounts
    try:
        known = accounts.accounts()
    except FileTrouble as trouble:
        return checkup.found(Check.ACCOUNTS, Health.BAD, desk.sentences.file_trouble(trouble))
    if accounts.is_damaged:
        kept = str(accounts.set_aside or desk.stores.places.accounts_file)
        return checkup.found(Check.ACCOUNTS, Health.BAD, desk.sentences.set_aside(kept))
    return checkup.on_accounts(known, desk.sentences)


def _keyring(desk: Desk) -> KeyringSeen:
    given = desk.terminal.secrets
    if given is None:
        return look_at_keyring()
    answer = given.look_up(NOBODY)
    return KeyringSeen((), answer if isinstance(answer, Locked | Unavailable) else None)


def _files(desk: Desk) -> tuple[Finding, ...]:
    stores = desk.stores
    places, dogs, accounts = stores.places, stores.dogs, stores.accounts.peek()
    folders = (places.config_dir, places.data_dir, places.log_dir, places.locks_dir)
    files = (places.accounts_file, places.settings_file, places.history_file)
    seen: list[PathSeen] = [*map(look_at_folder, folders), *map(look_at_file, files)]
    damaged: list[Finding] = []
    for account in accounts:
        seen.append(look_at_file(stores.lock.path(account.appid)))
        paths = {kind: dogs.path(account, kind) for kind in account.kinds}
        look = look_at_folder if account.dog_dir is None else look_at_named_folder
        seen.append(look(paths[account.kinds[0]].parent))
        for kind, path in paths.items():
            file = look_at_file(path)
            seen.append(file)
            if file.is_there and not file.trouble and dogs.read(account, kind) is None:
                damaged.append(checkup.on_damaged_dog(file.path, desk.sentences))
    return (*checkup.on_paths(tuple(seen), desk.sentences), *damaged)


def _writers(desk: Desk) -> tuple[Finding, ...]:
    now = desk.stores.clock()
    findings = []
    for account in desk.stores.accounts.peek():
        for kind in account.kinds:
            times = foreign_writes(desk.stores.history, account.appid, kind, now)
            if times:
                findings.append(checkup.on_writes(account, kind, times, desk.sentences))
    return tuple(findings) or (checkup.on_no_writes(desk.sentences),)


def _outlets(desk: Desk) -> tuple[Finding, ...]:
    outlets = desk.stores.outlets()
    findings = [
        checkup.on_outlet(account, report, desk.sentences)
        for account in desk.stores.accounts.peek()
        for report in outlets.reports(account)
        if report.trouble is not None
    ]
    return tuple(findings) or (checkup.on_no_outlet(desk.sentences),)


def _network(desk: Desk) -> tuple[Finding, ...]:
    if desk.stores.bad_address is not None:
        return checkup.on_bad_address(desk.stores.bad_address, desk.sentences)
    seen = look_at_network(desk.stores.api_base, desk.terminal.environ, desk.stores.clock)
    return checkup.on_network(seen, desk.sentences)


# -- the report ------------------------------------------------------------------------------------


def _anonymous(finding: Finding) -> Finding:
    home, user = home_of_this_person(), name_of_this_person()
    what, todo = (anonymous(text, home=home, user=user) for text in (finding.what, finding.todo))
    return Finding(finding.check, finding.health, what, todo)


def _put_json(desk: Desk, findings: list[Finding]) -> None:
    fields = [
        {
            "check": finding.check.value,
            "state": finding.health.value,
            "what": finding.what,
            "todo": finding.todo,
        }
        for finding in findings
    ]
    desk.terminal.put(json.dumps(fields, ensure_ascii=False, indent=2))


def _put_lines(desk: Desk, findings: list[Finding]) -> None:
    say, terminal = desk.sentences.say, desk.terminal
    with_colours = colours.are_wanted(terminal.out, terminal.environ)
    states = {health: f"{_SHAPES[health]} {say('health-' + health.replace(' ', '-'))}" for health in Health}
    checks = {check: say(f"check-{check}") for check in Check}
    state_width, check_width = (max(map(width_of, each.values())) for each in (states, checks))
    indent = " " * (state_width + check_width + 4)
    for finding in findings:
        state = padded(states[finding.health], state_width)
        if with_colours:
            state = colours.in_colour(state, finding.health)
        terminal.put(f"{state}  {padded(checks[finding.check], check_width)}  {finding.what}")
        if finding.todo:
            terminal.put(f"{indent}{finding.todo}")
