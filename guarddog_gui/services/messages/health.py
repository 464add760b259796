"""The verdicts of an examination in words: what each thing that was seen means, and what to do about it."""

from dataclasses import replace

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.errors import BadAddress, FileTrouble
from guarddog_gui.domain.exports.reports import OutletReport
from guarddog_gui.domain.health import (
    Check,
    Finding,
    Health,
    KeyringSeen,
    NetworkSeen,
    PathSeen,
    Step,
    TraySeen,
)
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Unheard
from guarddog_gui.services.messages.exports import standing
from guarddog_gui.services.messages.message import Sentence, Sentences

_TRAY = {
    TraySeen.HOST: Health.OK,
    TraySeen.NO_HOST: Health.DOUBTFUL,
    TraySeen.NO_BUS: Health.DOUBTFUL,
    TraySeen.SILENT: Health.DOUBTFUL,
    TraySeen.NO_DESKTOP: Health.NOT_CHECKED,
    TraySeen.ELSEWHERE: Health.NOT_CHECKED,
}


def found(check: Check, health: Health, said: Sentence) -> Finding:
    """A sentence as a finding."""
    what = f"{said.what} ({said.code})" if said.code else said.what
    return Finding(check, health, what, said.todo)


def on_accounts(accounts: tuple[Account, ...], sentences: Sentences) -> Finding:
    """How many there are."""
    if not accounts:
        said = Sentence(sentences.say("no-accounts"), sentences.say("no-accounts-todo"))
        return found(Check.ACCOUNTS, Health.DOUBTFUL, said)
    mini = sum(account.platform is Platform.MINI_PROGRAM for account in accounts)
    what = sentences.say("checkup-accounts", all=len(accounts), official=len(accounts) - mini, mini=mini)
    return found(Check.ACCOUNTS, Health.OK, Sentence(what))


def on_keyring(seen: KeyringSeen, sentences: Sentences) -> Finding:
    """Whether it answers, and which it is."""
    names = ", ".join(seen.names)
    if seen.trouble is None:
        return found(Check.KEYRING, Health.OK, Sentence(sentences.say("checkup-keyring", names=names or "–")))
    said = sentences.keyring(seen.trouble)
    code = ", ".join(filter(None, (names, said.code)))
    return found(Check.KEYRING, Health.BAD, Sentence(said.what, said.todo, code))


def on_paths(paths: tuple[PathSeen, ...], sentences: Sentences) -> tuple[Finding, ...]:
    """A finding for each that is not as it should be; one for all where there is none."""
    findings = tuple(dict.fromkeys(filter(None, (_on_path(path, sentences) for path in paths))))
    if findings:
        return findings
    there = sum(path.is_there for path in paths)
    what = sentences.say("checkup-files", there=there, later=len(paths) - there)
    return (found(Check.FILES, Health.OK, Sentence(what)),)


def _on_path(seen: PathSeen, sentences: Sentences) -> Finding | None:
    if seen.trouble:
        trouble = FileTrouble(seen.path, seen.trouble)
        return found(Check.FILES, Health.BAD, sentences.file_trouble(trouble))
    if not seen.is_ours:
        return _spoken(sentences, Check.FILES, Health.BAD, "checkup-not-ours", path=seen.path)
    if seen.is_open_to_others:
        mode = f"{seen.mode:04o}"
        return _spoken(sentences, Check.FILES, Health.DOUBTFUL, "checkup-open", path=seen.path, mode=mode)
    return None


def on_damaged_dog(path: str, sentences: Sentences) -> Finding:
    """A `.dog` file that is there and holds no value."""
    return _spoken(sentences, Check.FILES, Health.DOUBTFUL, "checkup-damaged", path=path)


def on_writes(account: Account, kind: TokenKind, times: int, sentences: Sentences) -> Finding:
    """Another program has refreshed a key so many times within an hour."""
    said = sentences.second_writer(kind, times)
    return found(Check.WRITERS, Health.DOUBTFUL, replace(said, what=f"{account.name}: {said.what}"))


def on_no_writes(sentences: Sentences) -> Finding:
    """Nobody else refreshes anything."""
    return found(Check.WRITERS, Health.OK, Sentence(sentences.say("checkup-no-writes")))


def on_outlet(account: Account, report: OutletReport, sentences: Sentences) -> Finding:
    """Another place that has not got the values of an account."""
    said = standing(report, sentences)
    return found(Check.OUTLETS, Health.DOUBTFUL, replace(said, what=f"{account.name}: {said.what}"))


def on_no_outlet(sentences: Sentences) -> Finding:
    """All of them have."""
    return found(Check.OUTLETS, Health.OK, Sentence(sentences.say("checkup-outlets")))


def on_network(seen: NetworkSeen, sentences: Sentences) -> tuple[Finding, ...]:
    """The proxy, the way to WeChat, and the clock that its answer tells."""
    return _on_proxy(seen, sentences), _on_way(seen, sentences), _on_clock(seen, sentences)


def on_bad_address(bad: BadAddress, sentences: Sentences) -> tuple[Finding, ...]:
    """In place of the way to WeChat, which begins with its address."""
    return (
        found(Check.ADDRESS, Health.BAD, sentences.bad_input(bad)),
        _spoken(sentences, Check.NETWORK, Health.NOT_CHECKED, "checkup-no-address"),
        _spoken(sentences, Check.CLOCK, Health.NOT_CHECKED, "checkup-no-date"),
    )


def _on_proxy(seen: NetworkSeen, sentences: Sentences) -> Finding:
    if not seen.proxy:
        return found(Check.PROXY, Health.OK, Sentence(sentences.say("checkup-no-proxy", host=seen.host)))
    if seen.source:
        what = sentences.say("checkup-proxy-of", proxy=seen.proxy, source=seen.source)
    else:
        what = sentences.say("checkup-proxy", proxy=seen.proxy)
    if seen.silence is None or seen.silence.how is not Unheard.PROXY:
        return found(Check.PROXY, Health.OK, Sentence(what))
    why = sentences.unanswered(seen.silence)
    return found(Check.PROXY, Health.BAD, Sentence(f"{what} {why.what}", why.todo, seen.silence.detail))


def _on_way(seen: NetworkSeen, sentences: Sentences) -> Finding:
    silence, step = seen.silence, seen.failed
    if silence is None:
        what = sentences.say("checkup-reached", host=seen.host, ms=seen.took_ms)
        return found(Check.NETWORK, Health.OK, Sentence(what))
    if silence.how is Unheard.PROXY:
        return _spoken(sentences, Check.NETWORK, Health.NOT_CHECKED, "checkup-behind-proxy")
    said = sentences.unanswered(silence)
    what = said.what
    if step is not Step.ANSWER:
        what = sentences.say(f"checkup-no-{step}", host=seen.host, addresses=seen.addresses)
    return found(Check.NETWORK, Health.BAD, Sentence(what, said.todo, silence.detail or silence.how))


def _on_clock(seen: NetworkSeen, sentences: Sentences) -> Finding:
    if seen.skew_s is None:
        return _spoken(sentences, Check.CLOCK, Health.NOT_CHECKED, "checkup-no-date")
    minutes = policy.noteworthy_skew(seen.skew_s)
    if minutes:
        return found(Check.CLOCK, Health.BAD, sentences.skew(minutes))
    what = sentences.say("checkup-clock", seconds=max(1, round(abs(seen.skew_s))))
    return found(Check.CLOCK, Health.OK, Sentence(what))


def on_tray(seen: TraySeen, sentences: Sentences) -> Finding:
    """Whether an icon has a place."""
    return _spoken(sentences, Check.TRAY, _TRAY[seen], f"checkup-tray-{seen}")


def on_silence(check: Check, sentences: Sentences) -> Finding:
    """A check that did not end in time."""
    return _spoken(sentences, check, Health.BAD, "checkup-hangs")


def _spoken(sentences: Sentences, check: Check, health: Health, key: str, **values: object) -> Finding:
    """The text of a key, and of that key with `-todo` behind it where there is something to do."""
    todo = f"{key}-todo"
    said = sentences.say(todo, **values) if sentences.words.knows(todo) else ""
    return Finding(check, health, sentences.say(key, **values), said)
