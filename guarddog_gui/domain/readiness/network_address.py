"""Kinds of IP addresses: who can reach a page that is there."""

import ipaddress
from enum import StrEnum

_FAKE = ipaddress.ip_network("198.18.0.0/15")  # for benchmarks (RFC 2544); proxy programs invent addresses in it
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # behind the NAT of a carrier (RFC 6598)


class AddressKind(StrEnum):
    """Who can reach an address."""

    PUBLIC = "public"
    THIS_COMPUTER = "this computer"
    PRIVATE = "private"
    INVENTED = "invented"  # by a proxy program on this computer; the true one is unknown


def kind_of_address(text: str) -> AddressKind:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_unspecified:
        return AddressKind.THIS_COMPUTER
    if address.version == 4 and address in _FAKE:
        return AddressKind.INVENTED
    is_shared = address.version == 4 and address in _SHARED
    return AddressKind.PUBLIC if address.is_global and not is_shared else AddressKind.PRIVATE
