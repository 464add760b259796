"""What the window shows while there is no account: what is needed and where to find it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from guarddog_gui.ui.widgets.themed import OwnColours

PLATFORM = "https://developers.weixin.qq.com/platform"
MP = "https://mp.weixin.qq.com"
TEST_ACCOUNT = "https://mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login"

DOG = 96


class FirstRunPage(OwnColours, QWidget):
    """The dog, one sentence, two buttons, and where AppID and AppSecret are."""

    add_wanted = Signal()
    sandbox_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dog = QLabel()
        self._dog.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._dog.setPixmap(QApplication.windowIcon().pixmap(DOG, DOG))
        self._title = QLabel()
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self._title.setFont(font)
        self._text = QLabel()
        self._where = QLabel()
        self._where.setOpenExternalLinks(True)
        for label in (self._title, self._text, self._where):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self._add = QPushButton()
        self._add.clicked.connect(self.add_wanted)
        self._add.setDefault(True)
        self._sandbox = QPushButton()
        self._sandbox.clicked.connect(self.sandbox_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._add)
        buttons.addWidget(self._sandbox)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(64, 32, 64, 32)
        layout.setSpacing(16)
        layout.addStretch()
        layout.addWidget(self._dog)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addLayout(buttons)
        layout.addWidget(self._where)
        layout.addStretch()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._title.setText("Guard Dog")
        self._text.setText(
            self.tr("Add an account once, and its access_token and jsapi_ticket stay fresh on this computer.")
        )
        self._add.setText(self.tr("Add an account"))
        self._sandbox.setText(self.tr("Try the sandbox"))
        self._sandbox.setToolTip(self.tr("With an embedded WeChat; nothing is real and nothing stays."))
        where = self.tr(
            "AppID and AppSecret are on the {platform} under My business; those of mini programs on {mp}."
        ).format(
            platform=_link(PLATFORM, self.tr("WeChat Developer Platform")), mp=_link(MP, "mp.weixin.qq.com")
        )
        whitelist = self.tr(
            "Put the IP of this computer on the IP whitelist there, or WeChat refuses its calls."
        )
        lent = self.tr("No account at hand? WeChat lends everybody a {test}.").format(
            test=_link(TEST_ACCOUNT, self.tr("free test account"))
        )
        self._where.setText(f"{where}<br>{whitelist}<br>{lent}")

    def take_colours(self) -> None:
        """Links keep the colour that they were read with."""
        text = self._where.text()
        self._where.clear()  # the same text again would be no news
        self._where.setText(text)


def _link(address: str, text: str) -> str:
    return f'<a href="{address}">{text}</a>'
