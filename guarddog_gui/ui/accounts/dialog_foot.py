"""Buttons at the foot of the account dialog: help, other ways to fill it in, Cancel and Save."""

from PySide6.QtWidgets import QPushButton, QWidget

from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.widgets.layouts import STRETCH, make_row


class DialogFoot(QWidget):
    """Row of buttons; Enter presses the one with the focus, and Save while the focus is in a field."""

    def __init__(self, *, is_new: bool, has_secret: bool = True) -> None:
        """Take whether the dialog is for a new account, and whether the account has an AppSecret to check.

        Only a new account is filled in from a project, or follows without an AppSecret.
        """
        super().__init__()
        self._has_secret = has_secret
        self._is_new = is_new
        self.help_button = _make_button("help-button", ButtonKind.LINK)
        self.project_button = _make_button("project-button", ButtonKind.LINK)
        self.follow_button = _make_button("follow-button", ButtonKind.LINK)
        self.test_button = _make_button("test-button", ButtonKind.LINK)
        self.cancel_button = _make_button("cancel-button", ButtonKind.PLAIN)
        self.save_button = _make_button("save-button", ButtonKind.PRIMARY)
        links = make_row(self.help_button, self.project_button, self.follow_button, self.test_button, spacing=4)
        self.setLayout(make_row(links, STRETCH, self.cancel_button, self.save_button))
        self.offer_check(has_failed=False)

    def retranslate(self) -> None:
        self.help_button.setText(self.tr("Where do I find these?"))
        self.project_button.setText(self.tr("From a project folder…"))
        self.follow_button.setText(self.tr("No AppSecret?"))
        self.follow_button.setToolTip(self.tr("Follow another computer or a program of yours through Redis"))
        self.test_button.setText(self.tr("Check again") if self._is_new else self.tr("Check now"))
        self.save_button.setText(self.tr("Save"))
        self.cancel_button.setText(self.tr("Cancel"))

    def offer_check(self, *, has_failed: bool) -> None:
        """Offer another check of the same credentials after one that failed, and always for a stored secret."""
        visibility = {
            self.test_button: has_failed or (self._has_secret and not self._is_new),
            self.project_button: self._is_new and not has_failed,
            self.follow_button: self._is_new and not has_failed,
        }
        # hide first: with all of them at once the dialog would become wider, and stay so
        for button in sorted(visibility, key=visibility.__getitem__):
            button.setVisible(visibility[button])

    def set_enabled(self, *, can_save: bool, can_check: bool) -> None:
        self.save_button.setEnabled(can_save)
        self.test_button.setEnabled(can_check)


def _make_button(name: str, kind: ButtonKind) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    set_kind(button, kind)
    return button
