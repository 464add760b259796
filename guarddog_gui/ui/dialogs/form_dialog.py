"""Dialog with a form and one message below its fields, which says what the dialog does or what went wrong."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog, FormScrollArea
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView


class FormDialog(AutoHeightDialog):
    """Base class of dialogs with a form; their constructors have to call `set_form`."""

    def set_form(self, form: QWidget, message_view: MessageView) -> None:
        """Put the form, which contains the view, into `form_area`, for the layout of the dialog."""
        self.scroll_area = self.form_area = FormScrollArea(form)
        self._message_view = message_view

    def update_buttons(self) -> None:
        """Enable the buttons that make sense now."""
        raise NotImplementedError

    def show_message(self, make_message: Callable[[], Message], severity: Severity = Severity.INFO) -> None:
        """Show a message, made anew for each language, and scroll to it if it is bad."""
        self.update_buttons()
        self.should_keep_height = False
        self._message_view.show_message(make_message, severity)
        if severity is Severity.BAD:
            self.form_area.scroll_to(self._message_view)

    def clear_message(self) -> None:
        """Clear the message without moving the buttons, which the user is about to press."""
        self.update_buttons()
        self.should_keep_height = True
        self._message_view.clear()
