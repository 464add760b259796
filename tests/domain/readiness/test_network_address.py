import pytest

from guarddog_gui.domain.readiness.network_address import AddressKind, kind_of_address


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.216.34", AddressKind.PUBLIC),
        ("2606:2800:220:1::1", AddressKind.PUBLIC),
        ("127.0.0.1", AddressKind.THIS_COMPUTER),
        ("::1", AddressKind.THIS_COMPUTER),
        ("0.0.0.0", AddressKind.THIS_COMPUTER),
        ("::ffff:127.0.0.1", AddressKind.THIS_COMPUTER),
        ("192.168.1.9", AddressKind.PRIVATE),
        ("::ffff:10.0.0.1", AddressKind.PRIVATE),
        ("fe80::1%eth0", AddressKind.PRIVATE),
        ("fd00::1", AddressKind.PRIVATE),
        ("100.64.0.7", AddressKind.PRIVATE),
        ("169.254.1.1", AddressKind.PRIVATE),
        ("198.18.0.42", AddressKind.INVENTED),
    ],
)
def test_who_can_reach_an_address(address: str, kind: AddressKind) -> None:
    assert kind_of_address(address) is kind
