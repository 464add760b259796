"""Options of `guarddog-gui` that start no tray app: `--self-test`, `--install-desktop`, `--uninstall-desktop`."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QApplication

from guarddog_gui.adapters.autostart.factory import Autostart, find_installed_program
from guarddog_gui.app.settings_controller import APP_ID
from guarddog_gui.app.setup import desktop_integration
from guarddog_gui.domain.errors import FileError
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.ports import Clock


def run_setup(args: argparse.Namespace, messages: Messages, clock: Clock) -> int:
    """Run the option and return the exit code. Creates the QApplication that pictures need."""
    if args.self_test:
        from guarddog_gui.app.setup.self_test import run_self_test

        is_complete = run_self_test(QApplication(sys.argv[:1]), messages.message_catalog, clock)
        return ExitCode.SUCCESS if is_complete else ExitCode.INTERNAL_ERROR
    try:
        if args.uninstall_desktop:
            return uninstall_desktop(os.environ, messages)
        program = find_installed_program(os.environ, sys.argv[0])
        application = QApplication(sys.argv[:1])
        code = install_desktop(os.environ, program, messages)
        application.shutdown()
    except FileError as error:
        print(messages.for_error(error).text, file=sys.stderr)
        return ExitCode.FILE_ERROR
    return code


def install_desktop(
    environ: Mapping[str, str], program: Path | None, messages: Messages, platform: str = sys.platform
) -> ExitCode:
    """Write menu entry, icons and autostart entry. Raises FileError."""
    if platform != "linux":
        return _refuse(messages)
    if program is None:
        text = messages.text(
            "This Guard Dog was not started by a program that a menu could start. Install it with pipx, then try again."
        )
        print(text, file=sys.stderr)
        return ExitCode.USER_ACTION_REQUIRED
    folder = desktop_integration.add_to_desktop(environ, program, APP_ID)
    done = messages.text(
        "Guard Dog is in your menu now, with its icons in {folder}, and starts with your session. "
        "The preferences switch that off; guarddog-gui --uninstall-desktop removes all of it.",
        folder=folder,
    )
    print(done)
    return ExitCode.SUCCESS


def uninstall_desktop(environ: Mapping[str, str], messages: Messages, platform: str = sys.platform) -> ExitCode:
    """Remove what `install_desktop` has written. Raises FileError."""
    if platform != "linux":
        return _refuse(messages)
    desktop_integration.remove_files(desktop_integration.data_home(environ), APP_ID)
    Autostart(environ, None, app_id=APP_ID).disable()
    print(messages.text("Guard Dog is no longer in your menu and does not start with your session. Accounts are kept."))
    return ExitCode.SUCCESS


def _refuse(messages: Messages) -> ExitCode:
    print(messages.text("Here the installer does that: this option is for Linux."), file=sys.stderr)
    return ExitCode.USAGE_ERROR
