"""The colours of the program, for a light and for a dark colour scheme."""

from msgspec import Struct
from PySide6.QtGui import QColor, QPalette


class Colours(Struct, frozen=True):
    """Colours by their purpose. Their contrasts are measured in tests/ui/style/test_contrast.py.

    background, rail, card      areas: the window, its navigation at the left, groups of widgets and fields
    hover                       area under the mouse pointer
    line                        line between two areas, which nobody needs to see
    control_border              border of buttons, which are recognised by their text
    field_border                border of fields and boxes to tick: 3 : 1 on each area
    ink, dim, faint             text: of first, second and third importance; 4.5 : 1 on each area
    accent, on_accent           main action, focus and selected parts; the text on it
    ok, warn, bad, info, locked states
    ..._tint                    areas behind a text of this colour
    """

    background: QColor
    rail: QColor
    card: QColor
    hover: QColor
    line: QColor
    control_border: QColor
    field_border: QColor
    ink: QColor
    dim: QColor
    faint: QColor
    accent: QColor
    on_accent: QColor
    ok: QColor
    warn: QColor
    bad: QColor
    info: QColor
    locked: QColor
    bad_tint: QColor
    warn_tint: QColor
    info_tint: QColor
    accent_tint: QColor


def _colours(**names: str) -> Colours:
    return Colours(**{field: QColor(name) for field, name in names.items()})


LIGHT = _colours(
    background="#f6f7f9",
    rail="#eef0f3",
    card="#ffffff",
    hover="#f3f5f7",
    line="#e1e4e8",
    control_border="#c9ced4",
    field_border="#828a94",
    ink="#1b1f24",
    dim="#59636e",
    faint="#626b75",
    accent="#0e7a4b",
    on_accent="#ffffff",
    ok="#187a34",
    warn="#8a5a00",
    bad="#c4202d",
    info="#0860c4",
    locked="#7d3fd1",
    bad_tint="#fdecec",
    warn_tint="#fff4dc",
    info_tint="#e7f1fd",
    accent_tint="#e3f3ea",
)
DARK = _colours(
    background="#17191c",
    rail="#111315",
    card="#1f2226",
    hover="#272b30",
    line="#2e3237",
    control_border="#3c4147",
    field_border="#757d87",
    ink="#e6e8eb",
    dim="#a3abb4",
    faint="#929aa3",
    accent="#3fb97a",
    on_accent="#06150d",
    ok="#46c168",
    warn="#dba03a",
    bad="#ff8078",
    info="#6cb0ff",
    locked="#c39bff",
    bad_tint="#3a1f20",
    warn_tint="#35290f",
    info_tint="#16283d",
    accent_tint="#17352a",
)


def colours_of(palette: QPalette) -> Colours:
    """Return the colours that belong to a palette of this program."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def make_palette(colours: Colours) -> QPalette:
    """Return a palette for the widgets that Qt paints."""
    role = QPalette.ColorRole
    palette = QPalette()
    for each, colour in {
        role.Window: colours.background,
        role.WindowText: colours.ink,
        role.Base: colours.card,
        role.AlternateBase: colours.hover,
        role.Text: colours.ink,
        role.PlaceholderText: colours.faint,
        role.Button: colours.card,
        role.ButtonText: colours.ink,
        role.BrightText: colours.bad,
        role.ToolTipBase: colours.card,
        role.ToolTipText: colours.ink,
        role.Light: colours.card,
        role.Midlight: colours.hover,
        role.Mid: colours.line,
        role.Dark: colours.field_border,
        role.Shadow: colours.field_border,
        role.Highlight: colours.accent_tint,
        role.HighlightedText: colours.ink,
        role.Accent: colours.accent,
        role.Link: colours.info,
        role.LinkVisited: colours.info,
    }.items():
        palette.setColor(each, colour)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, colours.field_border)
    return palette
