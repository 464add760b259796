"""The bundled errcode catalogue, read once for all tests."""

from pathlib import Path

from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

CATALOGUE = ErrcodeCatalog.from_json(
    (Path(__file__).parents[1] / "resources" / "errcodes.json").read_text(encoding="utf-8")
)
