"""Which addresses a cluster may have: private ones yes, those of metadata services and the link never."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",  # link-local: EC2, GCP, Azure, OpenStack
        "100.100.100.200/32",  # Alibaba Cloud
        "168.63.129.16/32",  # Azure's wire server
        "192.0.0.192/32",  # Oracle Cloud
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/128",
        "fe80::/10",
        "fd00:ec2::/32",  # EC2
        "fd20:ce::/32",  # GCP
        "ff00::/8",
    )
)
_NAMES = frozenset({"metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def split_server(server: str) -> SplitResult | None:
    """Return the parts of a server's address, or None when it is no plain URL. Odd characters are refused, not cleaned away."""
    if not server.isascii() or not server.isprintable() or any(odd in server for odd in ' %\\"<>^`{|}'):
        return None
    try:
        parts = urlsplit(server)
        plain = bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        return None
    return parts if plain and not server.endswith(("?", "#")) else None


def forbidden_host(host: str) -> bool:
    """Whether a host is, as written, a metadata service or link-local. Names are looked at again when they are resolved."""
    bare = host.rstrip(".").lower()
    address = literal(bare)
    return bare in _NAMES if address is None else forbidden_address(address)


def literal(host: str) -> Address | None:
    """Return the address that a host is written as, in any form that a C library takes, such as 2852039166 or 0xa9.254.43518."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def forbidden_address(address: Address) -> bool:
    """Whether connections must never go to this address, also when it hides inside an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None and forbidden_address(inner):
            return True
    return any(address in network for network in _NETWORKS if network.version == address.version)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64 or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if int(address) > 1 else None
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
