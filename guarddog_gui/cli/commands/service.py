"""`service`: install, show and remove `watch` as a service of the user, which systemd starts and restarts."""

import os
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from guarddog_gui.adapters.files.paths import resource_path
from guarddog_gui.adapters.service.systemd import CallResult, ServiceState, UserServices
from guarddog_gui.adapters.service.unit_file import UNIT_NAME, is_own_unit, program_of_unit, unit_text
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message

LOG_COMMAND = f"journalctl --user -u {UNIT_NAME.removesuffix('.service')} -e"

_STATES = {
    "active": N_("running"),
    "reloading": N_("running"),
    "activating": N_("starting"),
    "deactivating": N_("stopping"),
    "failed": N_("failed"),
    "inactive": N_("stopped"),
}


def register(command: CommandDefinition) -> None:
    text = command.text
    subparsers = command.parser.add_subparsers(dest="subcommand", metavar=text("COMMAND"), required=True)
    install = command.add_subcommand(
        subparsers, "install", text("install and start it; again after an update or a move")
    )
    install.set_examples(f"{PROGRAM} service install", f"GUARDDOG_HOME=/srv/guarddog {PROGRAM} service install")
    status = command.add_subcommand(subparsers, "status", text("show if it runs, and what it reports"))
    status.set_examples(f"{PROGRAM} service status")
    remove = command.add_subcommand(subparsers, "remove", text("stop and remove it; accounts and tokens are kept"))
    remove.set_examples(f"{PROGRAM} service remove")
    command.set_examples(f"{PROGRAM} service install", f"{PROGRAM} service status", f"{PROGRAM} service remove")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    services = _require_user_session(context)
    match args.subcommand:
        case "install":
            return _install(context, services)
        case "status":
            return _show(context, services)
        case _:
            return _remove(context, services)


def _require_user_session(context: CommandContext) -> UserServices:
    """Return the services of this user. Raises CommandError where there is no systemd or it does not answer."""
    messages, services = context.messages, UserServices(context.terminal.environ)
    if not sys.platform.startswith("linux") or services.find_program() is None:
        message = messages.message(
            "There is no systemd here, which runs services.",
            "Let what starts programs here run {command}: it ends with 0 on SIGTERM, and with an error it can be "
            "started again. The program with a window starts at login by its preferences.",
            command=f"{PROGRAM} watch",
        )
        raise CommandError(ExitCode.USER_ACTION_REQUIRED, message)
    if not services.has_user_session():
        message = messages.message(
            "systemd runs no session for this user, as after su or sudo, or in a container.",
            "Log in as this user (ssh, machinectl shell {user}@), or once: sudo loginctl enable-linger {user}, then "
            "export XDG_RUNTIME_DIR=/run/user/{uid}. In a container let it run {command}.",
            user=_user_name(context),
            uid=os.getuid(),
            command=f"{PROGRAM} watch",
        )
        raise CommandError(ExitCode.USER_ACTION_REQUIRED, message)
    return services


def _install(context: CommandContext, services: UserServices) -> ExitCode:
    """Write, enable and start the unit. Raises FileError and CommandError."""
    terminal, messages = context.terminal, context.messages
    program, template = _find_program(context), resource_path("service/guarddog.service").read_text(encoding="utf-8")
    _refuse_foreign_unit(context, services)
    has_namespaces = True
    called = _write_and_start(services, unit_text(template, program, terminal.environ))
    if not called.is_done and services.read_state().lacks_namespaces:
        has_namespaces = False
        text = unit_text(template, program, terminal.environ, has_namespaces=False)
        called = _write_and_start(services, text)
    if not called.is_done:
        raise CommandError(ExitCode.USER_ACTION_REQUIRED, _failure_message(context, called))
    done = messages.text("Guard Dog runs as a service of your user: {path}", path=os.fspath(services.unit_path))
    terminal.write_line(done)
    terminal.write_line(services.read_state().status_text)
    if not has_namespaces:
        refused = messages.text(
            "This system refuses user namespaces: the service runs without the settings that need them, such as a "
            "read-only /usr. All others hold."
        )
        terminal.write_message(refused)
    if services.is_lingering() is False:
        message = messages.message(
            "It starts at your login and ends when you log out.",
            "On a server let it run without a login: loginctl enable-linger (with sudo and your user name, "
            "{user}, if that is refused).",
            user=_user_name(context),
        )
        terminal.write_message(message)
    return ExitCode.SUCCESS


def _write_and_start(services: UserServices, text: str) -> CallResult:
    """Return the last call that was made: the first that failed, or the start. Raises FileError."""
    services.write_unit(text)
    called = services.reload()
    for step in (services.enable, services.restart):
        if called.is_done:
            called = step()
    return called


def _show(context: CommandContext, services: UserServices) -> ExitCode:
    """Print a table; return SUCCESS only if the service runs."""
    terminal, messages = context.terminal, context.messages
    unit, state = services.read_unit(), services.read_state()
    if unit is None and not state.fragment:
        terminal.write_line(
            messages.text(
                "The service is not installed. Install it with {command}", command=f"{PROGRAM} service install"
            )
        )
        return ExitCode.USER_ACTION_REQUIRED
    lingers = {True: messages.text("yes"), False: messages.text("no"), None: messages.text("unknown")}
    program = program_of_unit(unit or "") or ""
    rows: list[tuple[str, ...]] = [
        (messages.text("service"), _state_text(context, state)),
        (messages.text("reports"), state.status_text or messages.text("nothing")),
        (messages.text("starts at login"), lingers[state.is_enabled]),
        (messages.text("runs without a login"), lingers[services.is_lingering()]),
        (messages.text("program"), program or messages.text("not given")),
        (messages.text("unit"), state.fragment or os.fspath(services.unit_path)),
    ]
    terminal.write_table(rows)
    if program and not Path(program).is_file():
        message = messages.message(
            "{path} is gone.",
            "Let this installation take its place: {command}",
            path=program,
            command=f"{PROGRAM} service install",
        )
        terminal.write_message(message)
    elif not state.is_running:
        terminal.write_message(messages.text("Its log says why: {command}", command=LOG_COMMAND))
    return ExitCode.SUCCESS if state.is_running else ExitCode.USER_ACTION_REQUIRED


def _remove(context: CommandContext, services: UserServices) -> ExitCode:
    """Stop and remove the unit. Raises FileError and CommandError."""
    messages = context.messages
    if services.read_unit() is None:
        context.terminal.write_line(messages.text("The service is not installed."))
        return ExitCode.SUCCESS
    _refuse_foreign_unit(context, services)
    stopped = services.disable()
    if not stopped.is_done:
        raise CommandError(ExitCode.USER_ACTION_REQUIRED, _failure_message(context, stopped))
    services.remove_unit()
    services.forget_failure()
    services.reload()
    context.terminal.write_line(messages.text("The service is stopped and removed. Accounts and tokens are kept."))
    return ExitCode.SUCCESS


def _state_text(context: CommandContext, state: ServiceState) -> str:
    name = context.messages.text(_STATES.get(state.active, N_("unknown")))
    is_plain = state.result in {"", "success"} or state.is_running
    return name if is_plain else f"{name} ({state.result})"


def _failure_message(context: CommandContext, called: CallResult) -> Message:
    return context.messages.message(
        "systemd could not do it.", "The log of the service says why: {command}", code=called.error, command=LOG_COMMAND
    )


def _refuse_foreign_unit(context: CommandContext, services: UserServices) -> None:
    """Raise CommandError for a unit of this name that Guard Dog has not written, and FileError."""
    unit = services.read_unit()
    if unit is None or is_own_unit(unit):
        return
    message = context.messages.message(
        "{path} was not written by Guard Dog, so it is left alone.",
        "Remove or rename it, then try again.",
        path=os.fspath(services.unit_path),
    )
    raise CommandError(ExitCode.USER_ACTION_REQUIRED, message)


def _find_program(context: CommandContext) -> str:
    """Return the path of this guarddogctl, without following links: pipx and uv keep theirs. Raises CommandError."""
    if getattr(sys, "frozen", False):
        return sys.executable
    started = shutil.which(sys.argv[0])
    if started is not None and Path(started).stem == PROGRAM:
        return os.path.abspath(started)  # noqa: PTH100 - `Path.resolve` follows links
    beside = shutil.which(PROGRAM, path=os.fspath(Path(sys.executable).parent))
    if beside is None:
        message = context.messages.message(
            "This Guard Dog was not started by a program that a service could start.",
            "Install it with pipx or in an environment of its own, then try again.",
        )
        raise CommandError(ExitCode.USER_ACTION_REQUIRED, message)
    return beside


def _user_name(context: CommandContext) -> str:
    environ = context.terminal.environ
    name = environ.get("USER") or environ.get("LOGNAME") or ""
    if name or sys.platform == "win32":  # where this command refuses
        return name
    return str(os.getuid())
