"""A pasted credential is data: an address, then PEM blocks. Nothing is run, no file is read, and only what is understood is kept."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from roadstead.core.clock import now
from roadstead.core.problems import Problem
from roadstead.providers.addresses import forbidden_host, split_server
from roadstead.providers.docker import problems as says
from roadstead.runtimes.sdk import CredentialReport

LIMIT = 128 * 1024
TLS_PORT = 2376
_PEM = serialization.Encoding.PEM
_LOGIN_WORDS = 4
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\n.*?\n-----END \1-----", re.DOTALL)
_SOCKET = re.compile(r"unix://(/[\w.+@-]+)+")
Found = list[Problem]


@dataclass(frozen=True)
class Access:
    """How an engine is reached: a socket of this machine, or an address over TLS with all that it needs, as PEM."""

    host: str
    authority: str = ""
    certificate: str = ""
    key: str = field(default="", repr=False)
    registries: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def stored(cls, text: str) -> Self:
        """Read back what `check` wrote."""
        return cls(**json.loads(text))

    def kept(self) -> str:
        """Write it as `stored` reads it."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "registries" or value})

    def login(self, registry: str) -> dict[str, str]:
        """Return what signs in to a registry, as the engine is told it; nothing where nobody gave a login."""
        user, password = self.registries.get(registry, ("", ""))
        return {"username": user, "password": password} if user else {}

    @property
    def local(self) -> bool:
        """Whether it is an engine of this machine."""
        return self.host.startswith("unix://")

    @property
    def server(self) -> str:
        """What may be shown of it."""
        return self.host.partition("://")[2]


def check(content: str) -> CredentialReport:
    """Read a credential and report everything wrong with it."""
    if len(content.encode()) > LIMIT:
        return CredentialReport(problems=(says.TOO_LARGE(size=len(content.encode()), limit=LIMIT),))
    lines, logins, wrong = _logins(content.replace("\r\n", "\n").strip().split("\n"))
    if wrong:
        return CredentialReport(problems=tuple(wrong))
    address, rest = lines[0].strip(), "\n".join(line.strip() for line in lines[1:]).strip()
    scheme, told, _host = address.partition("://")
    if not told:
        return CredentialReport(problems=(says.NO_ADDRESS(where="line 1"),))
    if scheme == "unix":
        return _socket(address, rest, logins)
    if scheme not in {"tcp", "https"}:
        return CredentialReport(problems=(says.SCHEME(where="line 1", scheme=f"{scheme}://"[:40]),))
    return _remote(address, rest, logins)


def _logins(lines: list[str]) -> tuple[list[str], dict[str, list[str]], Found]:
    """Take the lines that sign in to registries out of a credential; an empty line stays for each, so that others keep their numbers."""
    kept, logins, found = [], {}, []
    for number, line in enumerate(lines, 1):
        words = line.split()
        ours = number > 1 and words[:1] == ["registry"]
        kept.append("" if ours else line)
        if ours and len(words) == _LOGIN_WORDS:
            logins[words[1]] = words[2:]
        elif ours:
            found.append(says.REGISTRY_FORM(where=f"line {number}"))
    return kept, logins, found


def _socket(address: str, rest: str, logins: dict[str, list[str]]) -> CredentialReport:
    path = address.removeprefix("unix://")
    if rest or not _SOCKET.fullmatch(address) or ".." in path.split("/"):
        return CredentialReport(problems=(says.SOCKET_FORM(where="line 1"),))
    access = Access(host=address, registries=logins)
    return CredentialReport(credential=access.kept(), summary={"server": path, "user": ""}, local=True)


def _remote(address: str, rest: str, logins: dict[str, list[str]]) -> CredentialReport:
    host, found = _address(address)
    blocks, stray = _blocks(rest)
    found += stray
    if not blocks:
        found.append(says.NO_TLS_PARTS())
        return CredentialReport(problems=tuple(found))
    keys = [text for kind, text in blocks if kind.endswith("PRIVATE KEY")]
    certificates = [text for kind, text in blocks if kind == "CERTIFICATE"]
    found += [says.ODD_PEM(kind=kind) for kind, _text in blocks if kind != "CERTIFICATE" and not kind.endswith("PRIVATE KEY")]
    key, wrong = _key(keys)
    read = [_certificate(text) for text in certificates]
    found += [*wrong, *(says.BAD_PEM(where=f"certificate {number}") for number, one in enumerate(read, 1) if one is None)]
    own, authority, wrong = _sorted([one for one in read if one is not None], key)
    found += wrong
    if found or own is None:
        return CredentialReport(problems=tuple(found))
    access = Access(f"tcp://{host}", _text(authority), _text([own]), key, logins)
    return CredentialReport(credential=access.kept(), summary={"server": host, "user": _name(own)})


def _address(address: str) -> tuple[str, Found]:
    parts = split_server(address)
    if parts is None or parts.path not in {"", "/"}:
        return "", [says.ADDRESS_FORM(where="line 1")]
    host = parts.hostname or ""
    if forbidden_host(host):
        return "", [says.ADDRESS_FORBIDDEN(where="line 1", host=host)]
    return f"[{host}]:{parts.port or TLS_PORT}" if ":" in host else f"{host}:{parts.port or TLS_PORT}", []


def _blocks(text: str) -> tuple[list[tuple[str, str]], Found]:
    """Return the PEM blocks with their kinds, and a problem for each line that belongs to none."""
    around = _BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text)
    stray = [says.STRAY(where=f"line {number}") for number, line in enumerate(around.split("\n"), 2) if line.strip()]
    return [(match[1], match[0] + "\n") for match in _BLOCK.finditer(text)], stray[:3]


def _key(keys: list[str]) -> tuple[str, Found]:
    if len(keys) != 1:
        return "", [says.SEVERAL_KEYS() if keys else says.NO_KEY()]
    try:
        key = serialization.load_pem_private_key(keys[0].encode(), password=None)
    except TypeError:
        return "", [says.KEY_LOCKED()]
    except (ValueError, UnsupportedAlgorithm):
        return "", [says.BAD_PEM(where="private key")]
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(), []


def _certificate(text: str) -> x509.Certificate | None:
    try:
        certificate = x509.load_pem_x509_certificate(text.encode())
        # The library reads a certificate's parts when they are asked for: a damaged one must be found now.
        return certificate if certificate.subject is not None and certificate.public_key() else None
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None


def _sorted(certificates: list[x509.Certificate], key: str) -> tuple[x509.Certificate | None, list[x509.Certificate], Found]:
    """Tell the client's certificate from the authority's by the key."""
    if not key:
        return None, [], []
    own = next((one for one in certificates if _fits(one, key)), None)
    if own is None:
        return None, [], [says.NO_CERTIFICATE()]
    found = list(_lifetime(own))
    authority = [one for one in certificates if one is not own]
    return own, authority, found if authority else [*found, says.NO_AUTHORITY()]


def _fits(certificate: x509.Certificate, key: str) -> bool:
    form = (_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    private = serialization.load_pem_private_key(key.encode(), password=None)
    return private.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def _lifetime(certificate: x509.Certificate) -> Iterator[Problem]:
    if certificate.not_valid_after_utc < now():
        yield says.EXPIRED(day=certificate.not_valid_after_utc.date().isoformat())


def _text(certificates: list[x509.Certificate]) -> str:
    return "".join(one.public_bytes(_PEM).decode() for one in certificates)


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value)[:200] if names else "certificate"
