"""Search what all other tests of this run have left for their AppSecrets. Runs last, see conftest.py."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

from tests.hard.killed_home import GUEST_SECRET
from tests.hard.results import PromiseRecorder

KEYRINGS = ("keyring.json", "keyrings")  # the stores of the tests' own keyring and of gnome-keyring


def encodings(secret: str) -> tuple[bytes, ...]:
    """Return the secret as it is, URL-encoded, reversed, in hexadecimal, and the beginning of its base64 forms."""
    raw = secret.encode()
    shifted = (base64.b64encode(b"x" * shift + raw)[4:28] for shift in range(3))
    return (raw, quote(secret, safe="").encode(), raw.hex().encode(), raw[::-1], *shifted)


def is_searched(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not any(part.startswith(KEYRINGS) for part in path.parts)


def test_the_search_finds_every_encoding(tmp_path: Path) -> None:
    secret = "0f9de62fce790f9a083d5c99e95740ce"
    base64_form = base64.b64encode(secret.encode()).decode()
    for number, form in enumerate((secret, quote(secret), secret.encode().hex(), base64_form)):
        (tmp_path / f"{number}").write_text(form, "utf-8")
    assert len(find_secrets(tmp_path, {secret})) == 4


def find_secrets(folder: Path, secrets: set[str]) -> list[Path]:
    forms = {form for secret in secrets for form in encodings(secret)}
    return [
        path
        for path in folder.rglob("*")
        if is_searched(path) and (content := path.read_bytes()) and any(form in content for form in forms)
    ]


def test_no_secret_is_left_anywhere(promise: PromiseRecorder, kept_folders: Path, secrets_in_play: set[str]) -> None:
    secrets = secrets_in_play | {GUEST_SECRET}
    found = find_secrets(kept_folders, secrets)
    wrong = [str(path.relative_to(kept_folders)) for path in found]
    files = [path for path in kept_folders.rglob("*") if is_searched(path)]
    modes = [path for path in files if is_private(path) and path.stat().st_mode & 0o077]
    wrong += [f"{path.relative_to(kept_folders)} can be read by others" for path in modes]
    names = sorted({path.relative_to(kept_folders).parts[0].rpartition("-")[0] for path in files})
    promise.record(
        "8. Secrets",
        "search of all files that the hard tests left: AppSecrets in seven encodings, modes of our files",
        tries=len(files),
        failures=wrong,
        note=f"{len(secrets)} AppSecrets; left by {len(names)} kinds of tests",
    )
    assert wrong == []


def is_private(path: Path) -> bool:
    """Return True for a file of Guard Dog itself."""
    return path.suffix == ".dog" or path.name in ("accounts.json", "settings.json", "history.sqlite3", "guarddog.log")


def test_a_dog_file_is_recognised(tmp_path: Path) -> None:
    file = tmp_path / "ACCESS_TOKEN.dog"
    file.write_text(json.dumps({"data": "x"}), "utf-8")
    assert is_private(file)
