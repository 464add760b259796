"""Text of the systemd unit: quoting, copied variables, and the settings that some systems refuse."""

import shutil
import subprocess
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.adapters.service.unit_file import is_own_unit, program_of_unit, unit_text

ODD_PATH = '/opt/a b/100%/"q"/back\\slash/guarddogctl'


@pytest.fixture
def template() -> str:
    return resource_path("service/guarddog.service").read_text(encoding="utf-8")


def test_the_program_of_a_unit_is_read_as_it_was_written(template: str) -> None:
    text = unit_text(template, ODD_PATH, {})
    assert program_of_unit(text) == ODD_PATH
    assert is_own_unit(text)
    assert program_of_unit("[Service]\nExecStart=/usr/bin/other\n") is None


def test_a_unit_by_hand_is_not_ours() -> None:
    assert not is_own_unit("[Service]\nExecStart=guarddogctl watch\n")


def test_settings_in_variables_are_copied_and_secrets_are_not(template: str) -> None:
    environ = {
        "GUARDDOG_HOME": "/srv/50% off",
        "PYTHON_KEYRING_BACKEND": "a.b.C",
        "KEYRING_PROPERTY_KEYRING_KEY": "pass phrase",
        "GUARDDOG_LANG": "",
    }
    text = unit_text(template, "/x/guarddogctl", environ)
    assert 'Environment="GUARDDOG_HOME=/srv/50%% off"' in text
    assert 'Environment="PYTHON_KEYRING_BACKEND=a.b.C"' in text
    assert "pass phrase" not in text
    assert "GUARDDOG_LANG" not in text


def test_only_the_settings_that_need_namespaces_are_left_out(template: str) -> None:
    full, reduced = (unit_text(template, "/x", {}, has_namespaces=has) for has in (True, False))
    assert "PrivateTmp=yes" in full
    assert "PrivateTmp" not in reduced
    assert "ProtectSystem" not in reduced
    for setting in ("NoNewPrivileges=yes", "SystemCallFilter=@system-service", "WatchdogSec=2min", "[Install]"):
        assert setting in full
        assert setting in reduced


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("has_namespaces", [True, False])
def test_systemd_finds_nothing_wrong_with_the_unit(template: str, tmp_path: Path, *, has_namespaces: bool) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "guarddog.service"
    unit.write_text(unit_text(template, "/bin/true", {"GUARDDOG_HOME": ODD_PATH}, has_namespaces=has_namespaces))
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    verified = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", str(unit)],
        env=environ, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    complaints = [line for line in verified.stderr.splitlines() if "guarddog" in line]
    assert (verified.returncode, complaints) == (0, [])
