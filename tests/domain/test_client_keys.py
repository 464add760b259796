"""Keys of clients."""

import hashlib

import pytest

from guarddog_gui.domain.client_keys import KEY_BYTES, ClientKey, find_client, hash_key, is_valid_client_name, make_key
from guarddog_gui.domain.redaction import redact, redact_strictly

KEY = make_key(bytes(range(KEY_BYTES)))


def test_a_key_has_all_its_random_bits_in_letters_that_need_no_escaping() -> None:
    keys = {make_key(bytes([number]) * KEY_BYTES) for number in range(256)}
    assert len(keys) == 256
    assert all(len(key) == 47 and key.startswith("gdk_") for key in keys)
    assert all(character.isalnum() or character in "-_" for key in keys for character in key)


def test_only_the_hash_is_stored() -> None:
    assert hash_key(KEY) == hashlib.sha256(KEY.encode()).hexdigest()
    assert hash_key(KEY) not in repr(ClientKey("a", hash_key(KEY)))


def test_a_client_is_found_by_its_key_and_nothing_else() -> None:
    clients = tuple(ClientKey(str(number), hash_key(make_key(bytes([number]) * 32))) for number in range(9))
    assert find_client(clients, make_key(bytes([3]) * 32)) == clients[3]
    for wrong in ("", KEY, KEY + "x", clients[0].sha256, "\udcff", "é" * 500, make_key(bytes([3]) * 32)[:-1]):
        assert find_client(clients, wrong) is None


@pytest.mark.parametrize(
    ("client", "uses"),
    [
        (ClientKey("a", "", ("wx1",)), (True, False)),
        (ClientKey("a", "", (), all_accounts=True), (True, True)),
        (ClientKey("a", ""), (False, False)),
        (ClientKey("a", "", ("wx1",), all_accounts=True, metrics=True), (False, False)),
    ],
)
def test_accounts_of_a_client(client: ClientKey, uses: tuple[bool, bool]) -> None:
    assert (client.may_use("wx1"), client.may_use("wx2")) == uses


def test_names_need_no_escaping() -> None:
    assert all(map(is_valid_client_name, ("ci", "ci-runner.1_a", "a" * 40)))
    assert not any(map(is_valid_client_name, ("", "-a", "a b", "a\n", "a" * 41, "é", 'a"', "a=b")))


def test_a_key_or_a_part_of_one_is_taken_out_of_logs_and_reports() -> None:
    for key in (KEY, KEY[:20], make_key(b"\0" * 32)):
        for text in (f"secret={key}", f"client sent {key}.", f'{{"k": "{key}"}}', f"%20{key}%20"):
            assert key[4:] not in redact(text)
            assert key[4:] not in redact_strictly(text)
