"""The certificate of a frontgate's store, made by the frontgate for its own address; nodes get it over their sealed channel."""

from __future__ import annotations

import os
from pathlib import Path

from roadstead_agent.store import Tls
from roadstead_agent.tools import run

_DAYS = "3650"
_USES = ("keyUsage=critical,digitalSignature,keyCertSign", "extendedKeyUsage=serverAuth", "basicConstraints=critical,CA:TRUE")


def made(folder: Path, address: str) -> Tls:
    """Return the files of a certificate for an address, made if they aren't there; raises `Trouble`."""
    name = address.replace(":", "_")
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    if not certificate.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / "new.crt"
        names = f"subjectAltName=IP:{address},IP:127.0.0.1" if address != "127.0.0.1" else "subjectAltName=IP:127.0.0.1"
        uses = [word for use in (*_USES, names) for word in ("-addext", use)]
        kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=frontgate", "-days", _DAYS)
        before = os.umask(0o077)
        try:
            run("openssl", "req", "-x509", *kind, *uses, "-keyout", str(key), "-out", str(fresh))
        finally:
            os.umask(before)
        fresh.replace(certificate)
    return Tls(str(certificate), str(key), str(certificate))
