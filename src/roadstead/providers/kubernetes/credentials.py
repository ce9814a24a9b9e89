"""What a user signs in with: PEM texts are parsed and written anew, so that nothing else travels in them."""

import base64
import binascii
import json
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from roadstead.core.problems import Problem
from roadstead.providers.kubernetes.problems import BAD_CERTIFICATE, BAD_KEY, BAD_TOKEN, HALF_PAIR, KEY_MISMATCH, NO_USER

_PEM = serialization.Encoding.PEM
Found = list[Problem]


@dataclass(frozen=True)
class Pasted:
    """What stands in the user's entry: base64 texts and a token."""

    where: str
    certificate: str = ""
    key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class SignIn:
    """A way to sign in, as PEM texts and a token."""

    certificate: str = ""
    key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def authority(packed: str, where: str) -> tuple[str, Found]:
    """Return the PEM bundle of the cluster's authority; empty means the system's."""
    if not packed:
        return "", []
    certificates = _certificates(packed)
    return (certificates, []) if certificates else ("", [BAD_CERTIFICATE(where=where)])


def sign_in(pasted: Pasted, *, required: bool) -> tuple[SignIn, Found]:
    """Return how the user signs in; `required` says that nothing at all is a problem too."""
    found: Found = []
    token = pasted.token.strip()
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        found.append(BAD_TOKEN(where=f"{pasted.where}.token"))
    certificate, key, wrong = _pair(pasted)
    found += wrong
    if required and not found and not token and not certificate:
        found.append(NO_USER(where=pasted.where))
    return SignIn(certificate, key, token), found


def described(certificate: str, token: str) -> str:
    """Return whom a credential names: the subject of a service account's token or of a certificate, else the kind of credential."""
    if token:
        return _subject_of_token(token) or "token"
    names = x509.load_pem_x509_certificate(certificate.encode()).subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else "certificate"


def _pair(pasted: Pasted) -> tuple[str, str, Found]:
    if not pasted.certificate and not pasted.key:
        return "", "", []
    if not pasted.certificate or not pasted.key:
        return "", "", [HALF_PAIR(where=pasted.where)]
    certificates, key = _certificates(pasted.certificate), _key(pasted.key)
    found: Found = []
    if not certificates:
        found.append(BAD_CERTIFICATE(where=f"{pasted.where}.client-certificate-data"))
    if not key:
        found.append(BAD_KEY(where=f"{pasted.where}.client-key-data"))
    if not found and not _fits(certificates, key):
        found.append(KEY_MISMATCH(where=f"{pasted.where}.client-key-data"))
    return certificates, key, found


def _fits(certificates: str, key: str) -> bool:
    form = (_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    private = serialization.load_pem_private_key(key.encode(), password=None)
    try:
        public = x509.load_pem_x509_certificate(certificates.encode()).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    return private.public_key().public_bytes(*form) == public.public_bytes(*form)


def _certificates(packed: str) -> str:
    try:
        certificates = x509.load_pem_x509_certificates(_decoded(packed))
        # The library reads a certificate's parts when they are asked for: a damaged one must be found now.
        readable = all(certificate.subject is not None for certificate in certificates)
    except (ValueError, x509.InvalidVersion):
        return ""
    return "".join(certificate.public_bytes(_PEM).decode() for certificate in certificates) if readable else ""


def _key(packed: str) -> str:
    try:
        key = serialization.load_pem_private_key(_decoded(packed), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def _decoded(packed: str) -> bytes:
    try:
        return base64.b64decode("".join(packed.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error


def _subject_of_token(token: str) -> str:
    """Return the subject that a JWT claims; only to be shown, nobody trusts it."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        subject = claims["sub"]
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        return ""
    return subject[:200] if isinstance(subject, str) and subject.isprintable() else ""
