"""Fields of an account that most users leave as they are: look, endpoint, domains, folder, exports."""

import os

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QCompleter, QFileDialog, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from guarddog_gui.domain.accounts.account import (
    AHEAD_MAX_S,
    STABLE_AHEAD_MAX_S,
    Account,
    AccountColour,
    Endpoint,
    Platform,
    parse_js_domains,
)
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.ui.accounts.export_list import ExportTargetList
from guarddog_gui.ui.accounts.route_fields import RouteFields
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.account_marks import tile_colour
from guarddog_gui.ui.style.shapes import BADGE_RADIUS, fill_rounded
from guarddog_gui.ui.widgets.controls.check_box import CheckBox
from guarddog_gui.ui.widgets.controls.combo_boxes import make_choice_combo, set_item_texts
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

_SWATCH = 16  # pixels
_TOP = Qt.AlignmentFlag.AlignTop


class AdvancedFields(QWidget):
    """Part of the form below "Advanced"."""

    folder_edited = Signal()  # with every character
    folder_selected = Signal()  # when the field loses the focus, or a folder was picked
    exports_edited = Signal()
    field_left = Signal(str)  # name of a field that is looked at when it loses the focus
    route_edited = Signal()
    edited = Signal(str)  # any other field, with its object name

    def __init__(
        self, formatter: Formatter, groups: tuple[str, ...], export_statuses: tuple[ExportStatus, ...]
    ) -> None:
        super().__init__()
        self._formatter = formatter
        self._default_folder = ""  # shown while the user has chosen none
        self._colour_combo = make_choice_combo(tuple(AccountColour))
        self._group_field = QLineEdit()
        self._group_field.setCompleter(QCompleter(groups, self))
        self.platform_combo = make_choice_combo(tuple(Platform))
        self._ahead_spin_box = QSpinBox(maximum=AHEAD_MAX_S, value=STABLE_AHEAD_MAX_S)
        self._endpoint_combo = make_choice_combo(tuple(Endpoint))
        self._js_domains_field = QLineEdit()
        self._card_ticket_check_box = CheckBox()
        self._card_ticket_check_box.setObjectName("card-ticket")
        self._card_ticket_hint = WrappedLabel("card-ticket-hint")
        self.route_fields = RouteFields()
        self.folder_field = QLineEdit()
        self._browse_button = QPushButton()
        self.existing_files_label = WrappedLabel("existing-files")
        self.existing_files_label.hide()
        self.export_list = ExportTargetList(formatter, export_statuses)
        folder_row = make_row((self.folder_field, 1), self._browse_button)
        self.fields = {
            "colour": LabelledField("colour", self._colour_combo),
            "group": LabelledField("group", self._group_field),
            "platform": LabelledField("platform", self.platform_combo),
            "refresh-ahead": LabelledField("refresh-ahead", self._ahead_spin_box),
            "endpoint": LabelledField("endpoint", self._endpoint_combo),
            "js-domains": LabelledField("js-domains", self._js_domains_field),
            **self.route_fields.fields,
            "folder": LabelledField("folder", self.folder_field, make_column(folder_row, self.existing_files_label)),
            "export-targets": LabelledField("export-targets", self.export_list),
        }
        self.fields["export-targets"].label.setBuddy(self.export_list.add_button)
        card = make_column(self._card_ticket_check_box, self._card_ticket_hint, spacing=4)
        self._ticket_widgets = (self.fields["js-domains"], self._card_ticket_check_box, self._card_ticket_hint)
        self.setLayout(self._make_layout(card))
        self._connect()
        self._on_endpoint_changed()

    def _make_layout(self, card: QVBoxLayout) -> QVBoxLayout:
        fields = self.fields
        look = make_row((fields["colour"], 1), (fields["group"], 1), spacing=12)
        renewal = make_row((fields["platform"], 1), (fields["refresh-ahead"], 1), spacing=12)
        for name in ("colour", "group", "platform", "refresh-ahead"):
            (renewal if renewal.indexOf(fields[name]) >= 0 else look).setAlignment(fields[name], _TOP)
        return make_column(
            look,
            renewal,
            fields["endpoint"],
            fields["js-domains"],
            card,
            self.route_fields,
            fields["folder"],
            (fields["export-targets"], 1),
            spacing=12,
        )

    def _connect(self) -> None:
        self.platform_combo.currentIndexChanged.connect(self._on_platform_changed)
        self._endpoint_combo.currentIndexChanged.connect(self._on_endpoint_changed)
        self.folder_field.textChanged.connect(self.folder_edited)
        self.folder_field.editingFinished.connect(self.folder_selected)
        self._browse_button.clicked.connect(self._on_browse_clicked)
        self.export_list.edited.connect(self.exports_edited)
        self._js_domains_field.editingFinished.connect(self._on_js_domains_left)
        self.route_fields.left.connect(self.field_left)
        self.route_fields.edited.connect(self.route_edited)
        for signal in (
            self._group_field.textEdited,
            self._js_domains_field.textEdited,
            self._ahead_spin_box.valueChanged,
            self.platform_combo.currentIndexChanged,
            self._endpoint_combo.currentIndexChanged,
            self._colour_combo.currentIndexChanged,
            self._card_ticket_check_box.toggled,
        ):
            signal.connect(self._on_edited)

    @Slot()
    def _on_js_domains_left(self) -> None:
        self.field_left.emit("js-domains")

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit(self.sender().objectName())

    def fill(self, account: Account) -> None:
        self._colour_combo.setCurrentIndex(self._colour_combo.findData(account.colour))
        self._group_field.setText(account.group)
        self.set_platform(account.platform)
        self._endpoint_combo.setCurrentIndex(self._endpoint_combo.findData(account.endpoint))
        self._ahead_spin_box.setValue(account.ahead)
        self._js_domains_field.setText(" ".join(account.js_domains))
        self._card_ticket_check_box.setChecked(account.card_ticket)
        self.folder_field.setText(account.dog_dir or "")
        self.route_fields.fill(account)

    def set_platform(self, platform: Platform) -> None:
        self.platform_combo.setCurrentIndex(self.platform_combo.findData(platform))
        self._on_platform_changed()

    def set_default_folder(self, folder: str) -> None:
        self._default_folder = folder
        self.folder_field.setPlaceholderText(self.tr("Default: {folder}").format(folder=folder))

    @property
    def platform(self) -> Platform:
        return Platform(self.platform_combo.currentData())  # a combo box returns the plain string

    @property
    def folder(self) -> str | None:
        return os.path.expanduser(self.folder_field.text().strip()) or None  # noqa: PTH111 - a text

    def expand_folder(self) -> None:
        """Replace a leading ~ by the home folder, without signalling an edit."""
        if self.folder_field.text() != (self.folder or ""):
            with QSignalBlocker(self.folder_field):
                self.folder_field.setText(self.folder or "")

    def entered(self) -> dict[str, object]:
        """Return the values of the fields by the names that `Account` has for them; they may be invalid."""
        has_tickets = self.platform is not Platform.MINI_PROGRAM
        return {
            "platform": self.platform,
            "endpoint": Endpoint(self._endpoint_combo.currentData()),
            "dog_dir": self.folder,
            "ahead": self._ahead_spin_box.value(),
            "card_ticket": has_tickets and self._card_ticket_check_box.isChecked(),
            "js_domains": parse_js_domains(self._js_domains_field.text()) if has_tickets else (),
            "exports": self.export_list.targets(),
            "colour": AccountColour(self._colour_combo.currentData()),
            "group": self._group_field.text().strip(),
            **self.route_fields.entered(),
        }

    def retranslate(self) -> None:
        texts = {
            "colour": self.tr("Colour", "account"),
            "group": self.tr("Group"),
            "platform": self.tr("Platform"),
            "refresh-ahead": self.tr("Renew before expiry"),
            "endpoint": self.tr("Endpoint"),
            "js-domains": self.tr("JS-safe domains"),
            "folder": self.tr("Folder for .dog files"),
            "export-targets": self.tr("Also write to"),
        }
        for name, text in texts.items():
            self.fields[name].set_label(text)
        self.route_fields.retranslate()
        self._group_field.setPlaceholderText(self.tr("none", "group"))
        set_item_texts(self._colour_combo, self._colour_names())
        for row, colour in enumerate(AccountColour):
            if colour is not AccountColour.AUTO:
                self._colour_combo.setItemIcon(row, _swatch(colour))
        set_item_texts(self.platform_combo, map(self._formatter.messages.platform_name, Platform))
        set_item_texts(self._endpoint_combo, (self.tr("stable_token (recommended)"), self.tr("classic token")))
        self._on_endpoint_changed()
        self._ahead_spin_box.setSuffix(self.tr(" s"))
        self._js_domains_field.setPlaceholderText("www.example.com shop.example.com")
        self._card_ticket_check_box.setText(self.tr("Card ticket (wx_card)"))
        self._card_ticket_hint.setText(
            self.tr("Only for pages that hand out or choose cards and coupons; most accounts do not need it.")
        )
        self.set_default_folder(self._default_folder)
        self._browse_button.setText(self.tr("Choose…"))
        self.export_list.retranslate()

    def _colour_names(self) -> tuple[str, ...]:
        return (
            self.tr("automatic"), self.tr("red"), self.tr("orange"), self.tr("brown"), self.tr("olive"),
            self.tr("green"), self.tr("teal"), self.tr("blue"), self.tr("indigo"), self.tr("purple"), self.tr("pink"),
        )  # fmt: skip

    @Slot()
    def _on_platform_changed(self) -> None:
        """Hide the fields about tickets for a mini program, which has none."""
        for widget in self._ticket_widgets:
            widget.setVisible(self.platform is not Platform.MINI_PROGRAM)

    @Slot()
    def _on_endpoint_changed(self) -> None:
        is_classic = self._endpoint_combo.currentData() == Endpoint.CLASSIC
        self.fields["endpoint"].set_hint(
            self._formatter.messages.classic_warning().text
            if is_classic
            else self.tr("Recommended. Every program gets the same token, so your servers keep theirs.")
        )
        self._ahead_spin_box.setMaximum(AHEAD_MAX_S if is_classic else STABLE_AHEAD_MAX_S)

    @Slot()
    def _on_browse_clicked(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for .dog files"), self.folder_field.text())
        if folder:
            self.folder_field.setText(folder)
            self.folder_selected.emit()


def _swatch(colour: AccountColour) -> QIcon:
    """Return a square of this colour, for screens of normal and of double density."""
    icon = QIcon()
    for ratio in (1, 2):
        pixmap = QPixmap(QSize(_SWATCH, _SWATCH) * ratio)
        pixmap.fill("transparent")
        with QPainter(pixmap) as painter:
            fill_rounded(painter, pixmap.rect(), BADGE_RADIUS * ratio, tile_colour(colour))
        pixmap.setDevicePixelRatio(ratio)
        icon.addPixmap(pixmap)
    return icon
