"""What the window shows while there is no account: what is needed and where to find it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

PLATFORM = "https://developers.weixin.qq.com/platform"
MP = "https://mp.weixin.qq.com"


class FirstRunPage(QWidget):
    """One sentence, one button, and where AppID and AppSecret are."""

    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(64, 32, 64, 32)
        layout.setSpacing(16)
        layout.addStretch()
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignHCenter)
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
        self._where.setText(
            self.tr(
                "AppID and AppSecret are on the {platform} under My business; those of mini programs on {mp}."
            ).format(
                platform=_link(PLATFORM, self.tr("WeChat Developer Platform")),
                mp=_link(MP, "mp.weixin.qq.com"),
            )
        )


def _link(address: str, text: str) -> str:
    return f'<a href="{address}">{text}</a>'
