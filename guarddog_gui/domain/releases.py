"""Published versions of Guard Dog, as the project's releases page names the newest one."""

import json
import re

from msgspec import Struct

_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9}){1,3})")


class Release(Struct, frozen=True):
    """A published version, and the page that describes it."""

    version: str
    url: str


def parse_release(text: str, page_prefix: str) -> Release | None:
    """Return the release of GitHub's reply, or None for anything else, for a draft and for a test version.

    A page outside of `page_prefix` is not opened later, so such a reply counts as no release.
    """
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("draft") or fields.get("prerelease"):
        return None
    tag, url = fields.get("tag_name"), fields.get("html_url")
    version = _VERSION.fullmatch(tag) if isinstance(tag, str) else None
    if version is None or not isinstance(url, str) or not url.startswith(page_prefix) or not url.isprintable():
        return None
    return Release(version[1], url)


def is_newer(release: Release, current: str) -> bool:
    """Return True if the release is newer than the current version; a version that is no numbers is never older."""
    present = _VERSION.match(current)
    return present is not None and _numbers(release.version) > _numbers(present[1])


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".")]
    while numbers and not numbers[-1]:  # 1.0 is 1.0.0
        numbers.pop()
    return tuple(numbers)
