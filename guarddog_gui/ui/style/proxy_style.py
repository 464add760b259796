"""Style of all widgets: Fusion with flat, rounded controls in the colours of the program.

Qt calls a style thousands of times for each window, and each call of a method that is overridden here enters
Python. Therefore only the methods with a difference to Fusion are overridden, and every lookup is a dictionary.
"""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QToolButton,
    QWidget,
)

from guarddog_gui.ui.style.areas import draw_frame, draw_item, draw_popup_frame, draw_tab
from guarddog_gui.ui.style.button_kind import ButtonKind, has_kind, kind_of
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.scroll_bars import SCROLL_BAR_WIDTH, SLIDER_LENGTH_MIN, draw_scroll_bar, scroll_bar_rect
from guarddog_gui.ui.style.shapes import (
    BADGE_RADIUS,
    CONTROL_RADIUS,
    draw_check_mark,
    draw_chevron,
    draw_focus_ring,
    fill_rounded,
)

CONTROL_HEIGHT = 30
MENU_ITEM_HEIGHT = 28
BOX_SIZE = 16  # of check boxes and radio buttons
FIELD_PADDING = 6  # pixels between the border of a field and its text
LINK_PADDING = 16  # pixels beside the text of a link, both sides together

_Primitive = QStyle.PrimitiveElement
_Control = QStyle.ControlElement
_Complex = QStyle.ComplexControl
_State = QStyle.StateFlag
_SubControl = QStyle.SubControl
_Painter = Callable[[QStyleOption, QPainter, QWidget | None], None]

_METRICS = {
    QStyle.PixelMetric.PM_ScrollBarExtent: SCROLL_BAR_WIDTH,
    QStyle.PixelMetric.PM_ScrollBarSliderMin: SLIDER_LENGTH_MIN,
    QStyle.PixelMetric.PM_IndicatorWidth: BOX_SIZE,
    QStyle.PixelMetric.PM_IndicatorHeight: BOX_SIZE,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: BOX_SIZE,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: BOX_SIZE,
    QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
    QStyle.PixelMetric.PM_RadioButtonLabelSpacing: 8,
    QStyle.PixelMetric.PM_ButtonMargin: 20,
    QStyle.PixelMetric.PM_ButtonShiftHorizontal: 0,
    QStyle.PixelMetric.PM_ButtonShiftVertical: 0,
    QStyle.PixelMetric.PM_ButtonIconSize: 16,
    QStyle.PixelMetric.PM_SmallIconSize: 16,
    QStyle.PixelMetric.PM_MenuVMargin: 4,
    QStyle.PixelMetric.PM_MenuHMargin: 4,
    QStyle.PixelMetric.PM_TabBarTabHSpace: 24,
    QStyle.PixelMetric.PM_TabBarTabShiftVertical: 0,
    QStyle.PixelMetric.PM_TabBarBaseOverlap: 0,
    QStyle.PixelMetric.PM_TabBarBaseHeight: 0,
    QStyle.PixelMetric.PM_SplitterWidth: 9,
}
_HEIGHTS = {
    QStyle.ContentsType.CT_PushButton: CONTROL_HEIGHT,
    QStyle.ContentsType.CT_LineEdit: CONTROL_HEIGHT,
    QStyle.ContentsType.CT_ComboBox: CONTROL_HEIGHT,
    QStyle.ContentsType.CT_SpinBox: CONTROL_HEIGHT,
    QStyle.ContentsType.CT_ToolButton: CONTROL_HEIGHT,
    QStyle.ContentsType.CT_TabBarTab: CONTROL_HEIGHT + 2,
    QStyle.ContentsType.CT_CheckBox: 22,
    QStyle.ContentsType.CT_RadioButton: 22,
}
_CHEVRONS = {
    _Primitive.PE_IndicatorArrowDown: Qt.ArrowType.DownArrow,
    _Primitive.PE_IndicatorArrowUp: Qt.ArrowType.UpArrow,
    _Primitive.PE_IndicatorArrowLeft: Qt.ArrowType.LeftArrow,
    _Primitive.PE_IndicatorArrowRight: Qt.ArrowType.RightArrow,
}
_STYLE_HINTS = {
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_DitherDisabledText: 0,
    QStyle.StyleHint.SH_Menu_FlashTriggeredItem: 0,
    QStyle.StyleHint.SH_TabBar_Alignment: int(Qt.AlignmentFlag.AlignLeft.value),
    QStyle.StyleHint.SH_ComboBox_Popup: 0,
}


class GuardDogStyle(QProxyStyle):
    """Fusion in the look of the program; the colours come from the palette of each widget."""

    def __init__(self) -> None:
        super().__init__("fusion")
        self._primitives: dict[QStyle.PrimitiveElement, _Painter] = {
            _Primitive.PE_PanelButtonCommand: self._draw_button,
            _Primitive.PE_FrameDefaultButton: _draw_nothing,
            _Primitive.PE_PanelButtonTool: self._draw_tool_button,
            _Primitive.PE_PanelLineEdit: self._draw_field,
            _Primitive.PE_FrameLineEdit: _draw_nothing,
            _Primitive.PE_FrameFocusRect: self._draw_focus,
            _Primitive.PE_IndicatorCheckBox: self._draw_check_box,
            _Primitive.PE_IndicatorItemViewItemCheck: self._draw_check_box,
            _Primitive.PE_IndicatorRadioButton: self._draw_radio_button,
            _Primitive.PE_Frame: draw_frame,
            _Primitive.PE_FrameGroupBox: _draw_nothing,
            _Primitive.PE_FrameTabWidget: _draw_nothing,
            _Primitive.PE_FrameTabBarBase: _draw_nothing,
            _Primitive.PE_FrameMenu: _draw_nothing,
            _Primitive.PE_PanelTipLabel: draw_popup_frame,
            _Primitive.PE_PanelMenu: draw_popup_frame,
            _Primitive.PE_PanelItemViewItem: draw_item,
            _Primitive.PE_PanelItemViewRow: draw_item,
        }
        self._controls: dict[QStyle.ControlElement, _Painter] = {
            _Control.CE_TabBarTabShape: draw_tab,
            _Control.CE_PushButtonLabel: self._draw_button_label,
            _Control.CE_Splitter: _draw_nothing,
            _Control.CE_MenuItem: self._draw_menu_item,
        }
        self._complex_controls: dict[QStyle.ComplexControl, Callable[..., None]] = {
            _Complex.CC_ComboBox: self._draw_combo_box,
            _Complex.CC_SpinBox: self._draw_spin_box,
            _Complex.CC_ScrollBar: draw_scroll_bar,
        }

    # -- what Qt asks ------------------------------------------------------------------------------

    def drawPrimitive(  # noqa: N802 - Qt's own name
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        draw = self._primitives.get(element)
        if draw is not None:
            draw(option, painter, widget)
        elif element in _CHEVRONS:
            colours = colours_of(option.palette)
            colour = colours.dim if option.state & _State.State_Enabled else colours.field_border
            draw_chevron(painter, option.rect, colour, direction=_CHEVRONS[element])
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(  # noqa: N802 - Qt's own name
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        draw = self._controls.get(element)
        if draw is not None:
            draw(option, painter, widget)
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(  # noqa: N802 - Qt's own name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = self._complex_controls.get(control)
        if draw is not None:
            draw(option, painter, widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def pixelMetric(  # noqa: N802 - Qt's own name
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        value = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if value is None else value

    def styleHint(  # noqa: N802 - Qt's own name
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: object = None,
    ) -> int:
        value = _STYLE_HINTS.get(hint)
        return super().styleHint(hint, option, widget, data) if value is None else value  # type: ignore[arg-type]  # as Qt gave it

    def sizeFromContents(  # noqa: N802 - Qt's own name
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        result = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # Qt passes None, too
        height = _HEIGHTS.get(kind)
        if height is not None:
            result.setHeight(max(height, option.fontMetrics.height() + 10))
            if kind is QStyle.ContentsType.CT_ComboBox:  # what subControlRect takes from the text
                result.setWidth(result.width() + 2 * FIELD_PADDING)
            elif kind is QStyle.ContentsType.CT_PushButton and kind_of(widget) is ButtonKind.LINK:
                result.setWidth(size.width() + LINK_PADDING)  # without the least width of a button
        elif kind is QStyle.ContentsType.CT_MenuItem and result.height() > 12:  # no separator
            result.setHeight(max(MENU_ITEM_HEIGHT, result.height()))
        return result

    def subControlRect(  # noqa: N802 - Qt's own name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if control is _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return scroll_bar_rect(option, part)
        rect = self._part_rect(control, option, part, widget)
        if part is _SubControl.SC_ComboBoxEditField or part is _SubControl.SC_SpinBoxEditField:
            rect.setLeft(rect.left() + FIELD_PADDING)
        return rect

    def subElementRect(  # noqa: N802 - Qt's own name
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        rect = super().subElementRect(element, option, widget)  # type: ignore[arg-type]  # Qt passes None, too
        if element is QStyle.SubElement.SE_LineEditContents and not _is_part_of_field(widget):
            rect.adjust(FIELD_PADDING, 0, -FIELD_PADDING, 0)
        return rect

    def _part_rect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None,
    ) -> QRect:
        """Return the rectangle in Fusion."""
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # Qt passes None, too

    # -- buttons -----------------------------------------------------------------------------------

    def _draw_button(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        colours = colours_of(option.palette)
        kind = _kind_of_button(option, widget)
        enabled = bool(option.state & _State.State_Enabled)
        pressed = bool(option.state & (_State.State_Sunken | _State.State_On))
        hovered = bool(option.state & _State.State_MouseOver)
        if not enabled:
            if kind not in (ButtonKind.FLAT, ButtonKind.LINK):
                fill_rounded(painter, option.rect, CONTROL_RADIUS, colours.hover, colours.line)
        elif kind is ButtonKind.PRIMARY or kind is ButtonKind.DANGER:
            fill = colours.accent if kind is ButtonKind.PRIMARY else colours.bad
            fill_rounded(painter, option.rect, CONTROL_RADIUS, fill.darker(112) if pressed or hovered else fill)
        elif kind is ButtonKind.FLAT or kind is ButtonKind.LINK:
            if pressed or hovered:
                fill_rounded(painter, option.rect, CONTROL_RADIUS, colours.line if pressed else colours.hover)
        elif option.state & _State.State_On:
            fill_rounded(painter, option.rect, CONTROL_RADIUS, colours.accent_tint, colours.accent)
        else:
            fill = colours.line if pressed else colours.hover if hovered else colours.card
            fill_rounded(painter, option.rect, CONTROL_RADIUS, fill, colours.control_border)

    def _draw_button_label(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        if isinstance(option, QStyleOptionButton) and option.state & _State.State_Enabled:
            colours, kind = colours_of(option.palette), _kind_of_button(option, widget)
            ink = {
                ButtonKind.PRIMARY: colours.on_accent,
                ButtonKind.DANGER: colours.background,
                ButtonKind.LINK: colours.info,
            }
            if kind in ink:
                option = QStyleOptionButton(option)
                option.palette.setColor(QPalette.ColorRole.ButtonText, ink[kind])
        super().drawControl(_Control.CE_PushButtonLabel, option, painter, widget)
        # here, because a flat button has no bevel; as in browsers, a click with the mouse gives no ring
        if option.state & _State.State_HasFocus and option.state & _State.State_KeyboardFocusChange:
            colours, kind = colours_of(option.palette), _kind_of_button(option, widget)
            is_filled = kind is ButtonKind.PRIMARY or kind is ButtonKind.DANGER
            rect = widget.rect() if widget is not None else option.rect
            draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.ink if is_filled else colours.accent)

    def _draw_menu_item(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        """Paint a separator as a line like those of the cards; Fusion's is darker than a dark menu."""
        separator = QStyleOptionMenuItem.MenuItemType.Separator
        if isinstance(option, QStyleOptionMenuItem) and option.menuItemType is separator and not option.text:
            line = QRect(option.rect.left() + 8, option.rect.center().y(), option.rect.width() - 16, 1)
            painter.fillRect(line, colours_of(option.palette).line)
        else:
            super().drawControl(_Control.CE_MenuItem, option, painter, widget)

    def _draw_tool_button(self, option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
        colours = colours_of(option.palette)
        if option.state & (_State.State_Sunken | _State.State_On):
            fill_rounded(painter, option.rect, CONTROL_RADIUS, colours.line)
        elif option.state & _State.State_MouseOver and option.state & _State.State_Enabled:
            fill_rounded(painter, option.rect, CONTROL_RADIUS, colours.hover)

    def _draw_focus(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        if isinstance(widget, QPushButton):  # it has its ring already
            return
        rect = widget.rect() if isinstance(widget, QToolButton) else option.rect
        draw_focus_ring(painter, rect, CONTROL_RADIUS, colours_of(option.palette).accent)

    # -- fields ------------------------------------------------------------------------------------

    def _draw_field(self, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        if _is_part_of_field(widget):
            return
        if isinstance(option, QStyleOptionFrame) and option.lineWidth == 0:
            return
        _paint_field(option, painter, option.rect, has_focus=bool(option.state & _State.State_HasFocus))

    def _draw_combo_box(self, option: QStyleOptionComboBox, painter: QPainter, widget: QWidget | None) -> None:
        colours = colours_of(option.palette)
        has_focus = bool(option.state & _State.State_HasFocus)
        if option.editable:
            _paint_field(option, painter, option.rect, has_focus=has_focus)
        else:
            is_hovered = option.state & _State.State_MouseOver and option.state & _State.State_Enabled
            fill_rounded(
                painter,
                option.rect,
                CONTROL_RADIUS,
                colours.hover if is_hovered else colours.card,
                colours.field_border,
            )
            if has_focus:
                draw_focus_ring(painter, option.rect, CONTROL_RADIUS, colours.accent)
        arrow = self._part_rect(_Complex.CC_ComboBox, option, _SubControl.SC_ComboBoxArrow, widget)
        draw_chevron(painter, arrow, colours.dim, direction=Qt.ArrowType.DownArrow)

    def _draw_spin_box(self, option: QStyleOptionSpinBox, painter: QPainter, widget: QWidget | None) -> None:
        colours = colours_of(option.palette)
        _paint_field(option, painter, option.rect, has_focus=bool(option.state & _State.State_HasFocus))
        for part, direction, flag in (
            (_SubControl.SC_SpinBoxUp, Qt.ArrowType.UpArrow, QAbstractSpinBox.StepEnabledFlag.StepUpEnabled),
            (_SubControl.SC_SpinBoxDown, Qt.ArrowType.DownArrow, QAbstractSpinBox.StepEnabledFlag.StepDownEnabled),
        ):
            rect = self._part_rect(_Complex.CC_SpinBox, option, part, widget)
            is_enabled = bool(option.stepEnabled & flag and option.state & _State.State_Enabled)
            draw_chevron(painter, rect, colours.dim if is_enabled else colours.control_border, direction=direction)

    def _draw_check_box(self, option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
        colours = colours_of(option.palette)
        enabled = bool(option.state & _State.State_Enabled)
        if option.state & _State.State_On:
            fill_rounded(painter, option.rect, BADGE_RADIUS, colours.accent if enabled else colours.field_border)
            draw_check_mark(painter, option.rect, colours.on_accent)
        elif option.state & _State.State_NoChange:
            fill_rounded(painter, option.rect, BADGE_RADIUS, colours.accent if enabled else colours.field_border)
            bar = QRect(0, 0, option.rect.width() // 2, 2)
            bar.moveCenter(option.rect.center())
            painter.fillRect(bar, colours.on_accent)
        else:
            border = colours.field_border if enabled else colours.control_border
            fill_rounded(painter, option.rect, BADGE_RADIUS, colours.card, border)

    def _draw_radio_button(self, option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
        colours = colours_of(option.palette)
        enabled, radius = bool(option.state & _State.State_Enabled), option.rect.width() / 2
        if option.state & _State.State_On:
            fill_rounded(painter, option.rect, radius, colours.accent if enabled else colours.field_border)
            inner = option.rect.adjusted(5, 5, -5, -5)
            fill_rounded(painter, inner, inner.width() / 2, colours.on_accent)
        else:
            border = colours.field_border if enabled else colours.control_border
            fill_rounded(painter, option.rect, radius, colours.card, border)


def _is_part_of_field(widget: QWidget | None) -> bool:
    """Return True for the line edit in a combo box or spin box, which paints the field around it."""
    return widget is not None and isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)


def _draw_nothing(_option: QStyleOption, _painter: QPainter, _widget: QWidget | None) -> None:
    pass


def _paint_field(option: QStyleOption, painter: QPainter, rect: QRect, *, has_focus: bool) -> None:
    colours = colours_of(option.palette)
    enabled = bool(option.state & _State.State_Enabled)
    fill = colours.card if enabled else colours.hover
    fill_rounded(painter, rect, CONTROL_RADIUS, fill, colours.field_border if enabled else colours.line)
    if has_focus:
        draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)


def _kind_of_button(option: QStyleOption, widget: QWidget | None) -> ButtonKind:
    kind = kind_of(widget)
    if has_kind(widget) or not isinstance(option, QStyleOptionButton):
        return kind
    if option.features & QStyleOptionButton.ButtonFeature.Flat:
        return ButtonKind.FLAT
    return ButtonKind.PRIMARY if option.features & QStyleOptionButton.ButtonFeature.DefaultButton else kind
