"""`--self-test`: what it prints and how it ends, in the installation of the tests."""

import os
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.adapters.message_catalogs import load_message_catalog
from guarddog_gui.app.setup import self_test
from guarddog_gui.app.setup.self_test import AbsentError, CheckFailedError, Outcome, check_keyring, run_check
from guarddog_gui.domain.message_catalog import ENGLISH
from tests.adapters.fake_keyring import FakeKeyring
from tests.app.gui_process import environment, gui

CHECKS = ["python", "qt", "tls", "keyring", "svg", "resources", "translations", "tray", "refresh", "fonts"]


def text(message: str, **_values: object) -> str:
    return message


def outcomes(output: str) -> dict[str, str]:
    return {name: outcome for outcome, name in re.findall(r"^(ok|absent|FAILED) +(\w+)", output, re.MULTILINE)}


def test_this_installation_is_complete_and_the_user_keeps_everything(tmp_path: Path) -> None:
    environ = environment(tmp_path, DBUS_SESSION_BUS_ADDRESS="disabled:", GUARDDOG_LANG="en")
    environ.pop("QT_QPA_PLATFORM", None)  # without a display the check needs none
    done = gui(environ, "--self-test")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(outcomes(done.stdout)) == CHECKS
    assert "FAILED" not in done.stdout
    if sys.platform == "linux":
        assert outcomes(done.stdout)["keyring"] == "absent"
    assert done.stdout.endswith("Everything that belongs to this installation works.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_part_is_named_and_ends_with_an_error(tmp_path: Path) -> None:
    environ = environment(
        tmp_path, DBUS_SESSION_BUS_ADDRESS="disabled:", GUARDDOG_LANG="en", QT_QPA_PLATFORM="offscreen"
    )
    done = gui(environ, "--self-test", before="sys.modules['keyring.backends.kwallet'] = None")
    if sys.platform == "linux":
        assert done.returncode == 1
        assert outcomes(done.stdout)["keyring"] == "FAILED"
        assert "not complete: keyring." in done.stdout


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(AbsentError("no"), Outcome.ABSENT), (CheckFailedError("no"), Outcome.FAILED), (OSError("no"), Outcome.FAILED)],
)
def test_the_reason_of_a_check_is_shown(error: Exception, outcome: Outcome) -> None:
    def check() -> str:
        raise error

    result = run_check("name", check)
    assert result.outcome is outcome
    assert "no" in result.detail


def test_the_keyring_is_written_read_and_left_as_it_was() -> None:
    keyring = FakeKeyring()
    store = KeyringSecretStore(prefix="guarddog-self-test:", list_backends=lambda: (keyring,))
    assert check_keyring(store, text, "other") == "ok"
    assert keyring.entries == {}


def test_the_result_is_true_only_if_nothing_has_failed(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise CheckFailedError("no plugin")

    catalog = load_message_catalog(ENGLISH)
    monkeypatch.setattr(self_test, "make_checks", lambda *_: {"svg": fail, "qt": lambda: "6"})
    assert not self_test.run_self_test(qapp, catalog, lambda: 0.0)
    assert "FAILED  svg  no plugin" in capsys.readouterr().out
    monkeypatch.setattr(self_test, "make_checks", lambda *_: {"qt": lambda: "6"})
    assert self_test.run_self_test(qapp, catalog, lambda: 0.0)


@pytest.mark.only_on("linux")
def test_certificates_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.touch()
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(tmp_path / "missing"))
    assert self_test.find_certificates((os.fspath(bundle),)) == os.fspath(bundle)
    with pytest.raises(CheckFailedError, match="ca-certificates"):
        self_test.find_certificates(())
