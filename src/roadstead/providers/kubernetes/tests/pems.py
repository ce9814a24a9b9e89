"""Keys, certificates and servers that tests make for themselves."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@cache
def pair(name: str = "tester") -> tuple[str, str]:
    """Return a key and a certificate of its own making for loopback, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.decode(), certificate.public_bytes(pem).decode()


def packed(text: str) -> str:
    """Return a text as kubeconfigs hold it."""
    return b64encode(text.encode()).decode()


@contextmanager
def server(folder: Path, behave: Callable[[ssl.SSLSocket], None]) -> Iterator[str]:
    """Listen with TLS on loopback, give each connection to `behave`, and yield the address."""
    key, certificate = pair()
    (folder / "pair.pem").write_text(key + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "pair.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=(listening, context, behave), daemon=True).start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def _serve(listening: socket.socket, context: ssl.SSLContext, behave: Callable[[ssl.SSLSocket], None]) -> None:
    with suppress(OSError):
        while True:
            connection, _address = listening.accept()
            threading.Thread(target=_one, args=(connection, context, behave), daemon=True).start()


def _one(connection: socket.socket, context: ssl.SSLContext, behave: Callable[[ssl.SSLSocket], None]) -> None:
    with suppress(OSError), connection, context.wrap_socket(connection, server_side=True) as secured:
        behave(secured)
