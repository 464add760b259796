"""The errcodes that the program ships, read once for all stories."""

from pathlib import Path

from guarddog_gui.domain.wechat.errcodes import Catalogue

CATALOGUE = Catalogue.from_text(
    (Path(__file__).parents[1] / "resources" / "errcodes.json").read_text(encoding="utf-8")
)
