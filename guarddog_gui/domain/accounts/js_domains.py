"""JS-safe domains of an account, as the user copied them from the WeChat console.

WeChat's page "Domain and push settings": host names without scheme, path and port, no IP addresses.
"""

import re

from guarddog_gui.domain.problems import InputProblem

HOST_LENGTH_MAX = 253  # characters, as DNS limits them
HOST_LABEL_LENGTH_MAX = 63

_LABEL = rf"(?!-)(?:[^\W_]|-){{1,{HOST_LABEL_LENGTH_MAX}}}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")  # letters of any script: an IDN may be stored in either form


def parse_js_domains(text: str) -> tuple[str, ...]:
    """Split a typed line into domains, in lower case and without duplicates; they may be invalid."""
    return tuple(dict.fromkeys(entry.lower() for entry in re.split(r"[\s,，、]+", text) if entry))


def js_domain_problem(domain: str) -> InputProblem | None:
    """Return why this cannot be a JS-safe domain, or None if it can."""
    if "://" in domain:
        return InputProblem.JS_DOMAIN_HAS_SCHEME
    if any(mark in domain for mark in "/?#"):
        return InputProblem.JS_DOMAIN_HAS_PATH
    if re.fullmatch(r"[^:]+:[0-9]*", domain):
        return InputProblem.JS_DOMAIN_HAS_PORT
    is_host = _HOST.fullmatch(domain) and len(domain) <= HOST_LENGTH_MAX and domain == domain.lower()
    is_address = re.fullmatch(r"[0-9.]+", domain)
    return None if is_host and not is_address else InputProblem.INVALID_JS_DOMAIN
