"""Which hosts are never connected to, in every way that they can be written."""

import pytest

from roadstead.providers.addresses import forbidden_host, split_server


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254", "169.254.1.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "169.16689662",
        "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
        "fe80::1", "fe80::1%eth0", "febf::1", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "0", "0x0", "0.0.0.1",
        "::", "224.0.0.1", "255.255.255.255", "ff02::1",
        "metadata", "metadata.google.internal", "METADATA.google.internal.", "metadata.goog", "instance-data",
    ],
)  # fmt: skip
def test_metadata_and_link_local_are_refused(host: str) -> None:
    assert forbidden_host(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "fd12::1", "8.8.8.8", "k8s.example.com"]
)
def test_private_and_public_ones_are_fine(host: str) -> None:
    assert not forbidden_host(host)


@pytest.mark.parametrize(
    "server",
    [
        "https://user@host", "https://a:b@host", "https://host?x=1", "https://host#x", "https://host?", "https://host#", "https://host\\@x",
        "https://host:0", "https://host:99999", "https://", "https:///path", "https://１６９.254.169.254", "https://ho st", "https://host\n",
        "https://ho\tst", "https://[::1", "not a url", "https://%ef%bc%91%ef%bc%96%ef%bc%99.254.169.254", "https://%31.2.3.4",
    ],
)  # fmt: skip
def test_odd_addresses_are_no_addresses(server: str) -> None:
    parts = split_server(server)
    assert parts is None or not parts.scheme


@pytest.mark.parametrize("server", ["https://host", "https://host:6443", "https://10.0.0.1/k8s/clusters/c", "https://[fd12::1]:6443"])
def test_plain_addresses_are_read(server: str) -> None:
    assert split_server(server) is not None
