"""`.dog` files and Node: we write the same bytes, and Node never reads a partly written file."""

import base64
import json
import random
import subprocess
import time
from pathlib import Path

import pytest
from msgspec.structs import astuple

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord

pytestmark = pytest.mark.interop

HERE = Path(__file__).parent
TOKEN = TokenKind.ACCESS_TOKEN
# only low surrogates: after a high one, Node would read both as one character
STRANGE = [*range(0x250), *range(0x2000, 0x2070), 0x5E97, 0xDC80, 0xDFFF, 0xFEFF, 0x1F436]
EVERY_KIND = "".join(map(chr, STRANGE))


def some_records(count: int) -> list[TokenRecord]:
    rng = random.Random(1)  # noqa: S311 - test data
    return [
        TokenRecord(
            value="".join(rng.choices(EVERY_KIND, k=rng.randint(1, 300))),
            expires_in=rng.randint(1, 31 * 86400),
            generated_ms=rng.choice([1, 2**53 - 1, rng.randint(10**12, 2 * 10**12)]),
            directory="".join(rng.choices(EVERY_KIND, k=rng.randint(0, 50))),
            ahead=rng.randint(0, 3600),
        )
        for _ in range(count)
    ]


def test_we_write_the_same_bytes_as_node(tmp_path: Path) -> None:
    records = [TokenRecord(EVERY_KIND, 7200, 1_700_000_000_000, EVERY_KIND, 2), *some_records(500)]
    command = ["node", str(HERE / "stringify.js")]
    text = json.dumps([astuple(record) for record in records])
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    dogs = AccountDogFiles(tmp_path)
    account = Account("wx1", "Shop")
    for record, line in zip(records, result.stdout.splitlines(), strict=True):
        dogs.write(account, TOKEN, record)
        assert dogs.path(account, TOKEN).read_bytes() == base64.b64decode(line)


def test_node_never_reads_a_torn_file_while_we_write(tmp_path: Path) -> None:
    dogs = AccountDogFiles(tmp_path)
    account = Account("wx1", "Shop", dog_dir=str(tmp_path))

    def write(number: int) -> None:
        value = f"{number:08d}" * (1 + number * 37 % 500)
        dogs.write(account, TOKEN, TokenRecord(value, 7200, 1_700_000_000_000, str(tmp_path), 290))

    write(0)
    command = ["node", str(HERE / "dog_reader.js"), str(dogs.path(account, TOKEN))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        until = time.monotonic() + 1.5
        number = 0
        while time.monotonic() < until:
            number += 1
            write(number)
        output, _ = reader.communicate()
    seen = json.loads(output)
    assert seen["torn"] == 0
    assert seen["reads"] > 1000
    assert seen["values"] > 10
