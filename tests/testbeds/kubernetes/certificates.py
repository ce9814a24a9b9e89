"""The few keys and certificates of a control plane that lives for minutes."""

import datetime as dt
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = dt.timedelta(days=1)
_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
LOOPBACK = "127.0.0.1"
_SERVICE = "10.96.0.1"


@dataclass(frozen=True)
class Authority:
    """A certificate authority of its own: the controller manager refuses a bundle that holds a leaf."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls) -> "Authority":
        """Return a fresh authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("roadstead-testbed")
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True,
            content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = _builder(name, name, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).add_extension(usage, critical=True)
        return cls(key, builder.sign(key, hashes.SHA256()))

    def issue(self, folder: Path, stem: str, common_name: str, organisation: str = "", *, serving: Iterable[str] = ()) -> None:
        """Write `stem.key` and `stem.crt`, for a server at some addresses or for a client."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(common_name, organisation), self.certificate.subject, key.public_key())
        addresses = set(serving)
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if addresses else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        if addresses:
            names = [*map(x509.DNSName, _NAMES), *(x509.IPAddress(ipaddress.ip_address(address)) for address in sorted(addresses))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        _write_key(folder / f"{stem}.key", key)
        (folder / f"{stem}.crt").write_bytes(pem(builder.sign(self.key, hashes.SHA256())))


def write_all(folder: Path, address: str = LOOPBACK) -> str:
    """Write all that the parts of a control plane need, its server being at that address, and return the administrator's token."""
    folder.mkdir(mode=0o700)
    authority = Authority.make()
    _write_key(folder / "ca.key", authority.key)
    (folder / "ca.crt").write_bytes(pem(authority.certificate))
    authority.issue(folder, "apiserver", "kube-apiserver", serving=(LOOPBACK, _SERVICE, address))
    authority.issue(folder, "kubelet-client", "kube-apiserver-kubelet-client", "system:masters")
    authority.issue(folder, "admin", "admin", "system:masters")
    accounts = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _write_key(folder / "sa.key", accounts)
    public = accounts.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "sa.pub").write_bytes(public)
    token = secrets.token_hex(16)
    (folder / "tokens.csv").write_text(f'{token},admin,admin,"system:masters"\n')
    return token


def pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(common_name: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), now - _DAY, now + 3650 * _DAY)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    path.touch(mode=0o600)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
