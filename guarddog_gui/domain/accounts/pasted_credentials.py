"""Reader for pasted credentials: AppID and AppSecret from a console page, `.env` lines, JSON or source code."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text, unescape_percent
from guarddog_gui.domain.paste.names import Rank
from guarddog_gui.domain.paste.scanner import scan_text
from guarddog_gui.domain.paste.values import APPID, SECRET, TYPED, is_placeholder

READ_MAX = 2**16  # characters
_APPID_ALONE = re.compile(r"(?<![0-9A-Za-z_])wx[0-9a-f]{16}(?![0-9A-Za-z_])", re.IGNORECASE)
_SECRET_ALONE = re.compile(r"(?<![0-9A-Za-z_])[0-9a-f]{32}(?![0-9A-Za-z_])")
_INCOMPLETE_SECRET = re.compile(r"(?=[A-Za-z]*[0-9])[0-9A-Za-z]{16,80}")
_INCOMPLETE_BESIDE_NAME = re.compile(  # as the console shows it: the name, then the value on the next line
    r"(?:secret|密码|密钥)[^0-9A-Za-z]{1,12}([0-9a-f]{24,40})(?![0-9A-Za-z])", re.IGNORECASE
)
_OTHER_NAME = re.compile(r"[A-Za-z_][\w.-]{0,60}[\"'\]]{0,2}\s{0,4}(?:=>|[:=])\s{0,4}[\"'`]?$")
_NAME_AT = re.compile(r"[\"'$\[]{0,3}([A-Za-z_][\w$.-]*)")
_STEM = re.compile(r"(?:app)?[_-]?(?:id|secret)(?:[_-]?key)?$", re.IGNORECASE)
_SOURCE = re.compile(r"[\"'\]]\s{0,4}(?:=>|[:=,])|\b[A-Z_]{4,}\s{0,4}=|(?:=>|[:=])\s{0,4}[\"'`]|--\w*secret")
_SOURCE_LENGTH = 80  # characters between the name of a secret and its value
_MINI_PROGRAM = re.compile(
    r"\"(?:miniprogramRoot|compileType|projectname|libVersion)\"|小程序ID|MiniProgram|mini_program|wx\.miniapp",
    re.ASCII,
)
_OFFICIAL_ACCOUNT = re.compile(r"公众号|服务号|订阅号|official_?account|jsapi_?ticket", re.IGNORECASE)
_PROJECT_NAME = re.compile(r"\"projectname\"\s{0,8}:\s{0,8}\"((?:[^\"\\\n]|\\.){1,200})\"")


class PastedCredentials(HiddenFields, Struct, frozen=True):
    """Credentials found in a text; missing ones are empty.

    name              name of the project, if the text has one
    is_mini_program   True or False if the text shows which kind of account it is
    is_from_source    True if the secret stands in source code or a configuration file
    secret_line       number of the line with the secret, from 1; 0 if it is not literally in the text
    """

    hidden_fields = ("secret",)

    appid: str = ""
    secret: str = ""
    name: str = ""
    is_mini_program: bool | None = None
    is_from_source: bool = False
    secret_line: int = 0

    @property
    def is_complete(self) -> bool:
        return bool(self.appid and self.secret)


class _NamedValue(HiddenFields, Struct, frozen=True):
    """Value with the part of its name that other values of the same account have, too."""

    hidden_fields = ("value",)

    field: str
    value: str
    rank: Rank
    stem: str
    is_source: bool


def read_credentials(text: str) -> PastedCredentials:
    """Return the credentials of the first account in the text that has both, else what there is.

    A secret that is named but has the wrong length is returned as it stands, so that the user learns of it.
    """
    found = find_credentials(text)
    credentials = next((each for each in found if each.is_complete), found[0] if found else PastedCredentials())
    if not credentials.secret and len(found) <= 1:
        secret, is_source = _incomplete_secret(clean_text(text[:READ_MAX]))
        credentials = replace(credentials, secret=secret, is_from_source=is_source)
    return credentials


def find_credentials(text: str) -> tuple[PastedCredentials, ...]:
    """Return the credentials of each account in the text, in its order; empty if there are none."""
    text = clean_text(text[:READ_MAX])
    best: list[tuple[str, str, bool]] = []
    for layer in decoded_layers(text):
        pairs = _read_layer(layer)
        if _quality(pairs) > _quality(best):
            best = pairs
        if best and all(appid and secret for appid, secret, _ in best):
            break
    project = _PROJECT_NAME.search(text)
    is_mini = True if _MINI_PROGRAM.search(text) else False if _OFFICIAL_ACCOUNT.search(text) else None
    return tuple(
        PastedCredentials(
            appid.lower(), secret, unescape_percent(project[1]).strip() if project is not None else "", is_mini,
            is_source, _line_of(secret, text),
        )
        for appid, secret, is_source in best
    )  # fmt: skip


def _incomplete_secret(text: str) -> tuple[str, bool]:
    """Return the only value of a secret's name that has no secret's length, and whether it stands in source code."""
    for layer in decoded_layers(text):
        values = {
            pair.value.strip(): _describe_name(fold_text(layer), pair.position)[1]
            for group in scan_text(layer)
            for pair in group.pairs
            if pair.field == "secret" and pair.is_literal and pair.rank <= Rank.PREFIXED
            if _INCOMPLETE_SECRET.fullmatch(pair.value.strip()) and not is_placeholder(pair.value)
        }
        if len(values) == 1:
            return next(iter(values.items()))
    beside = set(_INCOMPLETE_BESIDE_NAME.findall(fold_text(text)))
    return (beside.pop(), False) if len(beside) == 1 else ("", False)


def _quality(pairs: list[tuple[str, str, bool]]) -> int:
    return sum(2 if appid and secret else 1 for appid, secret, _ in pairs)


def _line_of(secret: str, text: str) -> int:
    at = text.find(secret) if secret else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def _read_layer(layer: str) -> list[tuple[str, str, bool]]:
    """Return AppID, secret and whether it stands in source for each account of the layer."""
    groups = [list(group) for group in _named_groups(layer)]
    pairs = [pair for group in groups for pair in _match(group)]
    appids = {appid for appid, _, _ in pairs if appid} | {appid.lower() for appid in _APPID_ALONE.findall(layer)}
    secrets = {secret: is_source for _, secret, is_source in pairs if secret} or _secrets_without_name(layer)
    if len(appids) <= 1 and len(secrets) <= 1:  # there is only one way to join them
        secret, is_source = next(iter(secrets.items()), ("", False))
        return [("".join(appids), secret, is_source)] if appids or secrets else []
    complete = [pair for pair in pairs if pair[0] and pair[1]]
    others = appids - {appid for appid, _, _ in complete}
    return complete + [(appid, "", False) for appid in sorted(others)]


def _named_groups(layer: str) -> Iterator[Iterator[_NamedValue]]:
    folded = fold_text(layer)
    for group in scan_text(layer):
        yield (
            _NamedValue(pair.field, pair.value.strip(), pair.rank, *_describe_name(folded, pair.position))
            for pair in group.pairs
            if pair.is_literal and _is_usable(pair.field, pair.value.strip(), pair.rank)
        )


def _is_usable(field: str, value: str, rank: Rank) -> bool:
    if field == "appid":
        return APPID.fullmatch(value) is not None and value[:2].lower() == "wx"
    form = TYPED["secret"] if rank >= Rank.WEAK else SECRET
    return field == "secret" and form.fullmatch(value) is not None


def _describe_name(folded: str, position: int) -> tuple[str, bool]:
    """Return the part of a name before `appid` or `secret`, and whether it stands in source code."""
    name = _NAME_AT.match(folded, position)
    if name is None:
        return "", False
    stem = _STEM.sub("", name[1]).strip("._-").lower()
    return stem, _SOURCE.search(folded, position, position + _SOURCE_LENGTH) is not None


def _match(values: list[_NamedValue]) -> Iterator[tuple[str, str, bool]]:
    """Join AppIDs and secrets of one group: by the same beginning of their names, else by their order."""
    appids = list({value.value.lower(): value for value in values if value.field == "appid"}.values())
    secrets = list({value.value: value for value in values if value.field == "secret"}.values())
    secrets = [secret for secret in secrets if secret.rank < Rank.FOREIGN] or secrets
    for number, appid in enumerate(appids):
        same = [secret for secret in secrets if secret.stem == appid.stem]
        if len(appids) == 1 and len(secrets) == 1:
            same = secrets
        elif len(same) == len(appids) == len(secrets):
            same = [same[number]]  # a list of accounts, each with the same names
        secret = same[0] if len(same) == 1 else None
        yield appid.value.lower(), secret.value if secret else "", bool(secret and secret.is_source)
    if not appids and len(secrets) == 1:
        yield "", secrets[0].value, secrets[0].is_source


def _secrets_without_name(layer: str) -> dict[str, bool]:
    """Return the texts with the form of a secret that are not the value of another name."""
    folded = fold_text(layer)
    found = {}
    for match in _SECRET_ALONE.finditer(folded):
        if _OTHER_NAME.search(folded, max(0, match.start() - 80), match.start()) is None:
            found[match[0]] = False
    return found
