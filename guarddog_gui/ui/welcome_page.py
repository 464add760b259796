"""Page that the window shows while there is no account."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.controls.buttons import LinkButton, make_button
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row

PLATFORM_URL = "https://developers.weixin.qq.com/platform"
MP_URL = "https://mp.weixin.qq.com"
TEST_ACCOUNT_URL = "https://mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login"

LOGO_SIZE = 96


class WelcomePage(ThemedMixin, QWidget):
    """Introduction, buttons to add or import accounts or try the sandbox, and links to AppID and AppSecret."""

    add_account_requested = Signal()
    sandbox_requested = Signal()
    import_requested = Signal(object)  # the parent of the dialog

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._logo_label = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self._logo_label.setPixmap(QApplication.windowIcon().pixmap(LOGO_SIZE, LOGO_SIZE))
        self._title_label, self._text_label, self._links_label = (
            QLabel(alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True) for _ in range(3)
        )
        self._title_label.setFont(scaled_font(self.font(), TITLE, QFont.Weight.DemiBold))
        self._links_label.setObjectName("welcome-links")
        self._links_label.setOpenExternalLinks(True)
        self._add_button = make_button(self.add_account_requested)
        self._add_button.setDefault(True)
        self._sandbox_button = make_button(self.sandbox_requested)
        self._import_button = LinkButton()
        self._import_button.clicked.connect(self._on_import_clicked)
        buttons = make_row(STRETCH, self._add_button, self._sandbox_button, self._import_button, STRETCH)
        introduction = (self._logo_label, self._title_label, self._text_label)
        parts = (STRETCH, *introduction, buttons, self._links_label, STRETCH)
        self.setLayout(make_column(*parts, spacing=16, margin=(64, 32)))
        self.retranslate()

    def retranslate(self) -> None:
        self._title_label.setText("Guard Dog")
        self._text_label.setText(
            self.tr("Add an account once, and its access_token and jsapi_ticket stay fresh on this computer.")
        )
        self._add_button.setText(self.tr("Add an account"))
        self._sandbox_button.setText(self.tr("Try the sandbox"))
        self._sandbox_button.setToolTip(self.tr("With an embedded WeChat; nothing is real and nothing stays."))
        self._import_button.setText(self.tr("Import accounts…"))
        self._import_button.setToolTip(self.tr("From another computer, with the file that it has exported."))
        where = self.tr(
            "AppID and AppSecret are on the {platform} under My business; those of mini programs on {mp}."
        ).format(
            platform=_link(PLATFORM_URL, self.tr("WeChat Developer Platform")), mp=_link(MP_URL, "mp.weixin.qq.com")
        )
        whitelist = self.tr("Put the IP of this computer on the IP whitelist there, or WeChat refuses its calls.")
        lent = self.tr("No account at hand? WeChat lends everyone a {test}.").format(
            test=_link(TEST_ACCOUNT_URL, self.tr("free test account"))
        )
        self._links_label.setText(f"{where}<br>{whitelist}<br>{lent}")

    @Slot()
    def _on_import_clicked(self) -> None:
        self.import_requested.emit(self.window())

    def apply_palette(self) -> None:
        """Set the text of the links again, because QLabel keeps the link colour of its first palette."""
        text = self._links_label.text()
        self._links_label.clear()  # QLabel ignores a text that has not changed
        self._links_label.setText(text)


def _link(url: str, text: str) -> str:
    return f'<a href="{url}">{text}</a>'
