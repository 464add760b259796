"""The bundled errcode catalogue, read once for all tests."""

from pathlib import Path

from guarddog_gui.domain.wechat.errcode_host import ErrcodeHost
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

_RESOURCES = Path(__file__).parents[1] / "resources"


def read_errcode_list(host: ErrcodeHost) -> str:
    """Return the text of the bundled list of a host."""
    name = {ErrcodeHost.API: "errcodes_api.json", ErrcodeHost.WORK: "errcodes_work.json"}[host]
    return (_RESOURCES / name).read_text(encoding="utf-8")


CATALOGUE = ErrcodeCatalog.from_json((_RESOURCES / "errcodes.json").read_text(encoding="utf-8"), read_errcode_list)
