"""Validation of the bundled catalogues: done here once, and not at every start of the program."""

import json
import re
from collections.abc import Callable

from guarddog_gui.domain.wechat.errcodes import ACCOUNT_FIELDS, NEXT_MONTH, TOMORROW, ErrcodeKind

JsonObject = dict[str, object]

# typography of Chinese texts
HAN = r"[\u4e00-\u9fff]"
CHINESE_MARKS = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
HALF_WIDTH_BESIDE_HAN = re.compile(rf"{HAN}[,;:?!()]|[,;:?!()]{HAN}")
GLUED_TO_HAN = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")
SPACE_BESIDE_MARK = re.compile(r" [，。；：（）、→]|[，。；：（）、→] |  ")

TEXT_FIELDS = ("en", "zh", "fix_en", "fix_zh")
PLATFORM_FIELDS = ("fix_official_en", "fix_official_zh", "fix_mini_program_en", "fix_mini_program_zh")  # all or none
ERRCODE_FIELDS = {
    *("code", "errmsg", "kind", "kind_at", *TEXT_FIELDS, *PLATFORM_FIELDS),
    *("endpoints", "wait", "page", "look_at", "elsewhere_en", "elsewhere_zh"),
}
JSSDK_FIELDS = {"message", "also", "codes", "causes_en", "causes_zh", *TEXT_FIELDS, "page"}
KINDS = set(ErrcodeKind) - {ErrcodeKind.UNKNOWN}


class CatalogError(Exception):
    """Names the catalogue, or the entry and its field."""


def check_errcodes(text: str) -> None:
    """Raise CatalogError for the first mistake in the text of `resources/errcodes.json`."""
    codes: set[int] = set()
    for position, item in enumerate(load_objects("errcodes", text), 1):
        code = item.get("code")
        if type(code) is not int:
            raise CatalogError(f"errcodes: item {position}: code is not a whole number")
        if code in codes:
            raise CatalogError(f"errcode {code}: code is there twice")
        codes.add(code)
        check_fields(f"errcode {code}", item, ERRCODE_FIELDS, ERRCODE_CHECKS)


def check_jssdk_errors(text: str) -> None:
    """Raise CatalogError for the first mistake in the text of `resources/jssdk_errors.json`."""
    for position, item in enumerate(load_objects("jssdk_errors", text), 1):
        message = item.get("message")
        if not is_text(message):
            raise CatalogError(f"jssdk_errors: item {position}: message is empty")
        check_fields(str(message), item, JSSDK_FIELDS, JSSDK_CHECKS)


def load_objects(catalog: str, text: str) -> list[JsonObject]:
    try:
        items = json.loads(text)
    except ValueError as error:
        raise CatalogError(f"{catalog}: not JSON, {error}") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise CatalogError(f"{catalog}: not a list of objects")
    return items


def check_fields(name: str, item: JsonObject, known: set[str], checks: dict[str, Callable[[JsonObject], bool]]) -> None:
    for field in sorted(item.keys() - known):
        raise CatalogError(f"{name}: {field} is not a field")
    for field, check in checks.items():
        if not check(item):
            raise CatalogError(f"{name}: {field} is not as it should be: {item.get(field)}")


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_text_list(value: object) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def is_kind(value: object) -> bool:
    return isinstance(value, str) and value in KINDS


def has_kinds_of_own_endpoints(item: JsonObject) -> bool:
    kinds, endpoints = item.get("kind_at", {}), item["endpoints"]
    assert isinstance(endpoints, list)
    return isinstance(kinds, dict) and kinds.keys() <= set(endpoints) and all(map(is_kind, kinds.values()))


def is_wait(value: object) -> bool:
    match value:
        case {"seconds": int(seconds), **rest} if not rest:
            return seconds > 0 and not isinstance(seconds, bool)
        case {"until": until, **rest} if not rest:
            return until in (TOMORROW, NEXT_MONTH)
    return False


def has_page_or_none(item: JsonObject) -> bool:
    return "page" not in item or str(item["page"]).startswith("https://")


def has_causes_in_both_languages(item: JsonObject) -> bool:
    english, chinese = item.get("causes_en"), item.get("causes_zh")
    if not is_text_list(chinese) or not isinstance(english, list) or not isinstance(chinese, list):
        return False
    return len(english) == len(chinese) > 0


TEXT_CHECKS: dict[str, Callable[[JsonObject], bool]] = {
    field: lambda item, field=field: is_text(item.get(field))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    for field in TEXT_FIELDS
}
ERRCODE_CHECKS: dict[str, Callable[[JsonObject], bool]] = {
    "kind": lambda item: is_kind(item.get("kind")),
    **TEXT_CHECKS,
    "endpoints": lambda item: is_text_list(item.get("endpoints")),
    "errmsg": lambda item: is_text_list(item.get("errmsg", [])),
    "kind_at": has_kinds_of_own_endpoints,
    "wait": lambda item: "wait" not in item or is_wait(item["wait"]),
    "page": has_page_or_none,
    PLATFORM_FIELDS[0]: lambda item: len({is_text(item.get(field)) for field in PLATFORM_FIELDS}) == 1,
    "look_at": lambda item: "look_at" not in item or str(item["look_at"]) in ACCOUNT_FIELDS,
}
JSSDK_CHECKS: dict[str, Callable[[JsonObject], bool]] = {
    **TEXT_CHECKS,
    "causes_en": lambda item: is_text_list(item.get("causes_en")),
    "causes_zh": has_causes_in_both_languages,
    "also": lambda item: is_text_list(item.get("also", [])),
    "codes": lambda item: all(type(code) is int for code in item.get("codes", [])),  # type: ignore[attr-defined]  # of a list
    "page": has_page_or_none,
}
