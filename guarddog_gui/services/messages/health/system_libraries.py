"""Messages about libraries and fonts of the system that are missing."""

from collections.abc import Sequence

from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.health.system_packages import Distribution, install_command
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages


def missing_libraries_message(missing: Sequence[str], distribution: Distribution, messages: Messages) -> Message:
    """Name the libraries, and the command that installs them on this distribution."""
    text = messages.text
    names, command = ", ".join(missing), install_command(missing, distribution)
    summary = text("The window cannot be shown: this system lacks {libraries}, which Qt needs.", libraries=names)
    if command:
        return Message(summary, text("Run {command}, then start Guard Dog again.", command=command))
    return Message(summary, text("Install the packages of your system that have them, then start Guard Dog again."))


def libraries_finding(
    missing: Sequence[str], distribution: Distribution, messages: Messages, *, has_qt: bool, has_desktop: bool = True
) -> Finding:
    if not has_qt:
        without_qt = messages.message(
            "Qt is not installed: the command line and watch need none, the window does.",
            "For the window, run pip install 'guarddog-gui[tray]'.",
        )
        return make_finding(HealthCheck.LIBRARIES, CheckStatus.NOT_CHECKED, without_qt)
    if not has_desktop:
        no_desktop = messages.message("There is no desktop here.")
        return make_finding(HealthCheck.LIBRARIES, CheckStatus.NOT_CHECKED, no_desktop)
    if missing:
        message = missing_libraries_message(missing, distribution, messages)
        return make_finding(HealthCheck.LIBRARIES, CheckStatus.FAILED, message)
    return make_finding(HealthCheck.LIBRARIES, CheckStatus.OK, messages.message("Nothing that Qt needs is missing."))
