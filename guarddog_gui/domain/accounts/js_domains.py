"""The JS-safe domains of an account, as the person keeps them beside it.

WeChat's page "Domain and push settings": host names without scheme, path and port, no IP addresses.
"""

import re

from guarddog_gui.domain.problems import InputProblem

_LABEL = r"(?!-)(?:[^\W_]|-){1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")  # also in Chinese: IDN may be kept either way
_HOST_MAX = 253


def parse_js_domains(text: str) -> tuple[str, ...]:
    """The entries of a line that somebody typed, each once and in lower case; they may still be wrong."""
    return tuple(dict.fromkeys(entry.lower() for entry in re.split(r"[\s,，、]+", text) if entry))


def js_domain_problem(domain: str) -> InputProblem | None:
    """Why this cannot be a JS-safe domain, or None if it can."""
    if "://" in domain:
        return InputProblem.JS_DOMAIN_HAS_SCHEME
    if any(mark in domain for mark in "/?#"):
        return InputProblem.JS_DOMAIN_HAS_PATH
    if re.fullmatch(r"[^:]+:[0-9]*", domain):
        return InputProblem.JS_DOMAIN_HAS_PORT
    is_host = _HOST.fullmatch(domain) and len(domain) <= _HOST_MAX and domain == domain.lower()
    is_address = re.fullmatch(r"[0-9.]+", domain)
    return None if is_host and not is_address else InputProblem.INVALID_JS_DOMAIN
