"""No report says whose it is."""

import pytest
from guarddog_gui.cli.anonymize import anonymize, current_home_dir, current_user_name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/al/.config/guarddog is open", "~/.config/guarddog is open"),
        ("“/home/al” is open.", "“~” is open."),
        ("无法读取 /home/al：没有权限", "无法读取 ~：没有权限"),
        ("/home/alice/x and /home/al-2/x", "/home/alice/x and /home/al-2/x"),
        ("/media/al/disk and /srv/al.", "/media/…/disk and /srv/…."),
        ("C:\\Users\\al\\x", "C:\\Users\\…\\x"),
        ("all is well, al", "all is well, al"),
    ],
)
def test_home_is_a_tilde_and_the_name_is_in_no_path(text: str, shown: str) -> None:
    assert anonymize(text, home_dir="/home/al", user_name="al") == shown


@pytest.mark.parametrize(("home", "user"), [("", ""), ("/", "")])
def test_nobody_hides_nothing(home: str, user: str) -> None:
    assert anonymize("/etc/passwd", home_dir=home, user_name=user) == "/etc/passwd"


def test_this_person_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/al")
    monkeypatch.setenv("USERPROFILE", "/home/al")
    monkeypatch.setenv("LOGNAME", "al")

    assert current_user_name() == "al"
    assert current_home_dir().replace("\\", "/") == "/home/al"
