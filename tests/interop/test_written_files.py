"""Exported files, read by the programs they are for: npm wechat_interaction_jsapi and WeChat's PHP sample."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.exports.files import ExportFiles
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.interop.node import INTEROP_FOLDER, require_node_package

pytestmark = pytest.mark.interop

APPID = "wx0123456789abcdef"
PAGE = "https://shop.example.com/buy?id=1"


def write(folder: Path, form: ExportFormat, age_s: float = 0) -> None:
    born_ms = int((time.time() - age_s) * 1000)
    values = {
        TokenKind.ACCESS_TOKEN: TokenRecord("90_token", 7200, born_ms, "", 290),
        TokenKind.JSAPI_TICKET: TokenRecord("ticket-1", 7200, born_ms, "", 290),
    }
    ExportFiles().write(ExportTarget(form, str(folder)), APPID, values)


def sign(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        require_node_package("wechat_interaction_jsapi"),
        str(INTEROP_FOLDER / "interaction_jsapi.js"),
        APPID,
        PAGE,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30, check=False)


def test_wechat_interaction_jsapi_signs_with_our_values_without_calling_wechat(tmp_path: Path) -> None:
    write(tmp_path, ExportFormat.INTERACTION_JSON)
    result = sign(tmp_path)
    assert result.stderr == ""
    signed = json.loads(result.stdout)
    assert signed["token"] == "90_token"
    ours = SignatureInput("ticket-1", signed["nonceStr"], int(signed["timestamp"]), PAGE)
    assert signed["signature"] == ours.signature


@pytest.mark.parametrize(
    ("form", "age_s"), [(ExportFormat.INTERACTION_JSON, 7201), (ExportFormat.PHP_JSON, 0)], ids=["dead", "seconds"]
)
def test_it_calls_wechat_for_expired_values_or_times_in_seconds(
    tmp_path: Path, form: ExportFormat, age_s: float
) -> None:
    write(tmp_path, form, age_s)
    result = sign(tmp_path)
    assert result.returncode != 0
    assert "it asks WeChat" in result.stderr


@pytest.mark.parametrize("ending", ["json", "php"])
def test_the_php_sample_reads_our_values_until_they_expire(tmp_path: Path, ending: str) -> None:
    php = shutil.which("php")
    if php is None:
        pytest.skip("php is not installed")
    command = [php, str(INTEROP_FOLDER / "php_sample.php"), str(tmp_path), ending]
    write(tmp_path, ExportFormat.PHP_JSON)
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (result.stdout, result.stderr) == ("90_token\nticket-1\n", "")
    write(tmp_path, ExportFormat.PHP_JSON, age_s=7202)
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (result.returncode, result.stderr) == (1, "access_token: it asks WeChat\n")
