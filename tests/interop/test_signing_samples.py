"""The sample code of the sign page, run for real: it signs as WeChat checks it."""

import json
import os
import subprocess
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path

import pytest

from guarddog_gui.domain.signing.sample_code import curl_sample, node_sample, php_sample
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.wx_config import WxConfig
from tests.interop.test_snippets import require_program

pytestmark = [pytest.mark.interop, pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")]

APPID = "wx00000000000000a1"
TICKET = "kgt8ON7yVITDhtdwci0qeS-$x"
URL = "https://shop.example.cn/旗舰店?q='\"\\$(id)`id`%20"
SIGNED = SignatureInput(TICKET, "a$(id)'b", 1795157576, URL)
CONFIG = WxConfig(APPID, SIGNED.timestamp, SIGNED.nonce, SIGNED.signature, ("scanQRCode",), ("wx-open-audio",))


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., str]:
    """Return a function that runs a sample where `guarddogctl` and `curl` are stand-ins that know the ticket."""
    programs = {
        "guarddogctl": f"case \"$*\" in *JSAPI_TICKET*) printf '%s\\n' '{TICKET}';; *) echo 91_token;; esac",
        "curl": f"""case "$*" in *access_token=91_token*) printf '%s' '{{"ticket":"{TICKET}"}}';; esac""",
    }
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    def run(sample: str, program: str, file_name: str) -> str:
        file = tmp_path / file_name
        file.write_text(sample, encoding="utf-8")
        environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run(
            [require_program(program), str(file)], capture_output=True, encoding="utf-8", check=True, env=environment
        ).stdout

    return run


@pytest.mark.parametrize(
    ("render", "program", "file_name"), [(node_sample, "node", "sign.js"), (php_sample, "php", "sign.php")]
)
@pytest.mark.parametrize("url", [URL, f"{URL}#/route"])
def test_a_program_signs_the_page_without_its_fragment(
    run: Callable[..., str], render: Callable[[WxConfig, str], str], program: str, file_name: str, url: str
) -> None:
    config = json.loads(run(render(CONFIG, url), program, file_name))
    string1 = f"jsapi_ticket={TICKET}&noncestr={config['nonceStr']}&timestamp={config['timestamp']}&url={URL}"
    assert config["signature"] == sha1(string1.encode(), usedforsecurity=False).hexdigest()
    assert (config["appId"], config["debug"]) == (APPID, False)
    assert (config["jsApiList"], config["openTagList"]) == (["scanQRCode"], ["wx-open-audio"])


def test_the_shell_script_prints_the_signature_of_the_config(run: Callable[..., str]) -> None:
    for program in ("jq", "openssl"):
        require_program(program)
    assert run(curl_sample(CONFIG, URL), "sh", "sign.sh").split()[0] == CONFIG.signature
