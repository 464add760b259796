"""Names of the promises, and the ordinary tests that already keep some of them."""

from __future__ import annotations

from typing import NamedTuple

PROMISES = (
    "1. A valid token",
    "2. No torn file",
    "3. No server answer breaks it",
    "4. Sleep and clock",
    "5. Tray hosts",
    "6. Keyring",
    "7. Quit",
    "8. Secrets",
    "9. Fuzz",
    "10. Soak",
    "11. Never another account's value, never a dead one",
    "12. A right answer to what is pasted",
    "13. Copy means copied",
    "14. Many machines",
)

UNTRIED: tuple[str, ...] = ()


class RepeatedTests(NamedTuple):
    """Ordinary tests that the hard run executes several times, and the row that counts them."""

    promise: str
    what: str
    times: int
    tests: tuple[str, ...]  # folders, files, or node ids without parameters


REPEATED = (
    RepeatedTests(
        "4. Sleep and clock",
        "logind announces suspend and resume",
        10,
        ("tests/desktop/test_power_events.py::test_suspend_and_resume_arrive_in_order",),
    ),
    RepeatedTests(
        "5. Tray hosts",
        "no panel, a late one, a stopped one, ten restarts, StatusNotifier and XEmbed (trayer)",
        10,
        ("tests/desktop/test_tray_hosts.py",),
    ),
    RepeatedTests(
        "6. Keyring",
        "gnome-keyring locked, ignored, refused, stopped, killed, late, without a bus, changed by another program",
        10,
        ("tests/desktop/test_keyring_store.py", "tests/desktop/test_keyring_recovery.py"),
    ),
    RepeatedTests(
        "7. Quit",
        "while a request hangs (SIGTERM, SIGINT, SIGHUP), while the keyring hangs, by a second start: within 3 s",
        10,
        ("tests/desktop/test_quit.py",),
    ),
    RepeatedTests(
        "8. Secrets",
        "the tray app after every fault of the sandbox: files, outputs, bus signals, process",
        3,
        ("tests/desktop/test_secret_nowhere.py::test_the_secret_is_in_the_keyring_and_nowhere_else",),
    ),
    RepeatedTests(
        "12. A right answer to what is pasted",
        "every case of tests/cases, and made ones: configs, replies, tickets, AppIDs, mistakes in signatures",
        1,
        (
            "tests/domain/paste",
            "tests/domain/wechat/test_pasted_error.py",
            "tests/domain/diagnosis",
            "tests/cli/test_pasted_input.py",
            "tests/desktop/test_jssdk_page.py",
        ),
    ),
    RepeatedTests(
        "13. Copy means copied",
        "from the tray on X11 and on Wayland (sway), read with xclip and wl-paste",
        10,
        ("tests/desktop/test_wayland_clipboard.py", "tests/desktop/test_main_journey.py"),
    ),
)
