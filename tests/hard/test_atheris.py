"""Coverage-guided fuzzing of the parsers that read what the network, other programs and users give."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hard.parsers import CONFIG_TEXTS, DOG_TEXTS, REPLY_BODIES, REPLY_TEXTS
from tests.hard.results import ROOT, PromiseRecorder

SEEDS: dict[str, list[bytes]] = {
    "dog": [text.encode() for text in DOG_TEXTS],
    "reply": REPLY_BODIES,
    "paste": [text.encode("utf-8", "surrogatepass") for text in (*CONFIG_TEXTS, *REPLY_TEXTS)],
}
NAMES = {"dog": "`.dog` files", "reply": "replies of WeChat", "paste": "pasted texts"}


@pytest.mark.parametrize("parser", SEEDS)
def test_atheris_finds_no_input_that_raises(parser: str, promise: PromiseRecorder, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this platform")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS[parser]):
        (corpus / f"{number}").write_bytes(seed)
    runs = promise.scaled(100_000)
    command = [sys.executable, "-m", "tests.hard.atheris_program", parser, str(runs), str(corpus)]
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=7200,
        check=False,
    )
    failures = int(result.returncode != 0)
    found = len(list(corpus.iterdir())) - len(SEEDS[parser])
    note = f"{found} inputs reached something new"
    promise.record("9. Fuzz", f"coverage-guided by atheris: {NAMES[parser]}", tries=runs, failures=failures, note=note)
    assert failures == 0, result.stderr[-3000:]
