"""Service manager of the user, through `systemctl --user`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.paths import create_private_folder, translate_os_errors
from guarddog_gui.adapters.service.unit_file import UNIT_NAME

FILE_SIZE_MAX = 100_000  # bytes
CALL_TIMEOUT_S = 20.0
START_TIMEOUT_S = 90.0  # longer than TimeoutStartSec of the unit
_SHOWN = (
    "LoadState",
    "ActiveState",
    "SubState",
    "UnitFileState",
    "StatusText",
    "Result",
    "FragmentPath",
    "ExecMainStatus",
)
_SANDBOX_EXIT_CODES = frozenset({"217", "218", "226"})  # EXIT_USER, EXIT_CAPABILITIES, EXIT_NAMESPACE of systemd.exec


class CallResult(Struct, frozen=True):
    """End of a call of `systemctl`; `error` is its first line on standard error."""

    exit_code: int
    output: str = ""
    error: str = ""

    @property
    def is_done(self) -> bool:
        return self.exit_code == 0


class ServiceState(Struct, frozen=True):
    """State of the service as systemd shows it; empty texts where it shows none."""

    active: str = ""  # active, activating, reloading, inactive, failed, deactivating
    sub: str = ""  # running, auto-restart, dead …
    unit_file: str = ""  # enabled, disabled …
    status_text: str = ""
    result: str = ""  # success, exit-code, watchdog …
    fragment: str = ""  # the file that is loaded, without drop-ins
    exit_code: str = ""  # of the last process

    @property
    def is_running(self) -> bool:
        return self.active in {"active", "reloading"}

    @property
    def lacks_namespaces(self) -> bool:
        """Return whether the program was not started because user namespaces are refused.

        Kernels, AppArmor (Ubuntu from 23.10 on) and containers refuse them in different ways, so it is tried.
        """
        return not self.is_running and self.exit_code in _SANDBOX_EXIT_CODES

    @property
    def is_enabled(self) -> bool:
        return self.unit_file == "enabled"


class UserServices:
    """Units of the user, as far as Guard Dog needs them. Nothing here needs root."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        config = environ.get("XDG_CONFIG_HOME", "")
        folder = (
            Path(config) if Path(config).is_absolute() else Path(environ.get("HOME") or "~").expanduser() / ".config"
        )
        self.unit_path = folder / "systemd" / "user" / UNIT_NAME

    def find_program(self) -> str | None:
        """Return the path of systemctl; None where there is no systemd."""
        return shutil.which("systemctl", path=self._environ.get("PATH"))

    def has_user_session(self) -> bool:
        """Return whether the user's manager answers: it does not after `su` and `sudo -u`, nor in a container."""
        return self._call("show", "--property=Version").is_done

    def read_unit(self) -> str | None:
        """Return the text of the user's unit; None without one. Raises FileError."""
        data = read_file(self.unit_path, FILE_SIZE_MAX, follow_symlinks=True)
        return None if data is None else data.decode("utf-8", "replace")

    def write_unit(self, text: str) -> None:
        """Write the unit. Raises FileError."""
        create_private_folder(self.unit_path.parent)
        atomic_write(self.unit_path, text.encode())

    def remove_unit(self) -> None:
        """Remove the unit if there is one. Raises FileError."""
        with translate_os_errors(self.unit_path):
            self.unit_path.unlink(missing_ok=True)

    def reload(self) -> CallResult:
        return self._call("daemon-reload")

    def enable(self) -> CallResult:
        return self._call("enable", UNIT_NAME)

    def restart(self) -> CallResult:
        """Start the service, or again; return when it is ready, has failed, or takes longer than it may."""
        self._call("reset-failed", UNIT_NAME)  # else a limit of starts that was reached forbids this one
        return self._call("restart", UNIT_NAME, timeout_s=START_TIMEOUT_S)

    def disable(self) -> CallResult:
        """Stop the service and do not start it at the next login."""
        return self._call("disable", "--now", UNIT_NAME, timeout_s=START_TIMEOUT_S)

    def forget_failure(self) -> None:
        self._call("reset-failed", UNIT_NAME)

    def read_state(self) -> ServiceState:
        shown = self._call("show", UNIT_NAME, *(f"--property={name}" for name in _SHOWN)).output
        fields = dict(line.partition("=")[::2] for line in shown.splitlines())
        return ServiceState(
            fields.get("ActiveState", ""),
            fields.get("SubState", ""),
            fields.get("UnitFileState", ""),
            fields.get("StatusText", ""),
            fields.get("Result", ""),
            fields.get("FragmentPath", ""),
            fields.get("ExecMainStatus", ""),
        )

    def is_lingering(self) -> bool | None:
        """Return whether the user's services run without a login; None if that cannot be found out."""
        program = shutil.which("loginctl", path=self._environ.get("PATH"))
        if program is None or sys.platform == "win32":
            return None
        called = self._run([program, "show-user", str(os.getuid()), "--property=Linger", "--value"], CALL_TIMEOUT_S)
        return {"yes": True, "no": False}.get(called.output.strip())

    def _call(self, *arguments: str, timeout_s: float = CALL_TIMEOUT_S) -> CallResult:
        program = self.find_program()
        if program is None:
            return CallResult(127)
        return self._run([program, "--user", "--no-pager", "--no-ask-password", *arguments], timeout_s)

    def _run(self, command: list[str], timeout_s: float) -> CallResult:
        environ = {**self._environ, "LC_ALL": "C.UTF-8"}
        try:
            ended = subprocess.run(  # noqa: S603 - programs of the system, found by their names
                command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return CallResult(126, error=type(error).__name__)
        lines = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        return CallResult(ended.returncode, ended.stdout.decode("utf-8", "replace"), lines[0] if lines else "")
