"""Name and content of the file by which WeChat checks who owns a domain: `MP_verify_<text>.txt` at its root.

WeChat's page "Domain and push settings" offers it for download; its content is the text in its name.
"""

import re

_NAME = re.compile(r"(?:MP|WW)_verify_([A-Za-z0-9]{4,64})\.txt")  # WW: the same of WeCom


def parse_verify_file_name(text: str) -> str | None:
    """Return the name of the file in a typed name, path or URL; None if there is none."""
    last = re.split(r"[/\\]", text.strip())[-1].partition("?")[0]
    last = last if last.endswith(".txt") else f"{last}.txt"
    return last if _NAME.fullmatch(last) else None


def expected_content(file_name: str) -> str:
    """Return the content that WeChat expects in the file with this name."""
    match = _NAME.fullmatch(file_name)
    return match[1] if match else ""
