"""A pasted kubeconfig is data: read with limits, refused with all reasons, rebuilt from an allowlist. Nothing is run, no file is read."""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from roadstead.core.problems import Problem, ProblemKind
from roadstead.providers.addresses import forbidden_host, split_server
from roadstead.providers.kubernetes import credentials
from roadstead.providers.kubernetes.problems import (
    AUTH_PROVIDER,
    EXEC,
    FILE_PATH,
    INSECURE,
    NO_CONTEXT,
    NO_CONTEXT_CHOSEN,
    NO_ENTRY,
    NO_SERVER,
    NOT_KUBECONFIG,
    NOT_TEXT,
    PASSWORD,
    PROXY,
    SERVER_FORBIDDEN,
    SERVER_FORM,
    SERVER_HTTP,
    SERVICE_ACCOUNT,
    UNSUPPORTED,
)
from roadstead.providers.kubernetes.safeyaml import Tree, Unreadable, read
from roadstead.runtimes.sdk import CredentialReport

CLUSTER_FIELDS = ("server", "certificate-authority-data")
USER_FIELDS = ("client-certificate-data", "client-key-data", "token")
_HTTPS = 443
# Says nothing about how to connect: dropped without a word.
_HARMLESS = {"extensions", "disable-compression"}
_REFUSALS: dict[str, ProblemKind] = {
    "exec": EXEC,
    "auth-provider": AUTH_PROVIDER,
    "tokenFile": FILE_PATH,
    "certificate-authority": FILE_PATH,
    "client-certificate": FILE_PATH,
    "client-key": FILE_PATH,
    "proxy-url": PROXY,
    "insecure-skip-tls-verify": INSECURE,
    "username": PASSWORD,
    "password": PASSWORD,
}
_ABSENT: tuple[Tree, ...] = ("", "~", "null", {}, [])
_NAME = "roadstead"


@dataclass(frozen=True)
class Kubeconfig:
    """One cluster and one way to sign in: all that is ever kept or used of a kubeconfig."""

    server: str
    authority: str = ""
    certificate: str = ""
    key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def as_text(self, namespace: str = "default") -> str:
        """Return a fresh kubeconfig with these five facts and nothing else; JSON, which is YAML too."""
        cluster = {"server": self.server, "certificate-authority-data": _packed(self.authority)}
        user = {"client-certificate-data": _packed(self.certificate), "client-key-data": _packed(self.key), "token": self.token}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": _NAME,
            "clusters": [{"name": _NAME, "cluster": {name: value for name, value in cluster.items() if value}}],
            "users": [{"name": _NAME, "user": {name: value for name, value in user.items() if value}}],
            "contexts": [{"name": _NAME, "context": {"cluster": _NAME, "user": _NAME, "namespace": namespace}}],
        }
        return json.dumps(config)

    @classmethod
    def stored(cls, text: str) -> "Kubeconfig":
        """Read back what `as_text` wrote."""
        config = json.loads(text)
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        unpack = {name: _unpacked(value) for name, value in {**cluster, **user}.items() if name.endswith("-data")}
        return cls(
            server=cluster["server"],
            authority=unpack.get("certificate-authority-data", ""),
            certificate=unpack.get("client-certificate-data", ""),
            key=unpack.get("client-key-data", ""),
            token=user.get("token", ""),
        )


def check(text: str) -> CredentialReport:
    """Report everything that is wrong with a pasted kubeconfig, or return what to store of it."""
    try:
        tree = read(text)
    except Unreadable as unreadable:
        return CredentialReport(problems=(unreadable.problem,))
    return _Reader().report(tree)


@dataclass
class _Entry:
    """A named part of the kubeconfig and where it was found."""

    where: str
    fields: dict[str, Tree]


class _Reader:
    """Collects problems while it reads, so that people see them all at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def report(self, tree: Tree) -> CredentialReport:
        context = self._context(tree)
        if context is None or not isinstance(tree, dict):
            return CredentialReport(problems=tuple(self.problems))
        cluster = self._named(tree, "clusters", "cluster", context)
        user = self._named(tree, "users", "user", context)
        config = self._rebuilt(cluster, user) if cluster and user else None
        if self.problems or config is None:
            return CredentialReport(problems=tuple(self.problems))
        namespace = context.fields.get("namespace")
        suggested = namespace if isinstance(namespace, str) else ""
        return CredentialReport(credential=config.as_text(), summary={**summary(config), "namespace": suggested})

    def _context(self, tree: Tree) -> _Entry | None:
        """Return the context in use: the named one, or the only one."""
        if not isinstance(tree, dict) or not all(_entries(tree, section) for section in ("clusters", "users", "contexts")):
            self.problems.append(NOT_KUBECONFIG())
            return None
        contexts = _entries(tree, "contexts")
        chosen = tree.get("current-context", "")
        if chosen in _ABSENT:
            if len(contexts) != 1:
                self.problems.append(NO_CONTEXT_CHOSEN(where="current-context"))
                return None
            chosen = contexts[0][1].get("name", "")
        return self._find(contexts, "contexts", "context", chosen, NO_CONTEXT(where="current-context", name=str(chosen)))

    def _named(self, tree: dict[str, Tree], section: str, inner: str, context: _Entry) -> _Entry | None:
        name = context.fields.get(inner, "")
        missing = NO_ENTRY(where=f"{context.where}.{inner}", name=str(name), list=section)
        return self._find(_entries(tree, section), section, inner, name, missing)

    def _find(self, entries: list[tuple[int, dict[str, Tree]]], section: str, inner: str, name: Tree, missing: Problem) -> _Entry | None:
        for index, entry in entries:
            fields = entry.get(inner)
            if entry.get("name") == name and isinstance(fields, dict):
                return _Entry(f"{section}[{index}].{inner}", fields)
        self.problems.append(missing)
        return None

    def _rebuilt(self, cluster: _Entry, user: _Entry) -> Kubeconfig | None:
        """Check every field of the cluster and the user in use, and keep the allowed ones."""
        self._refuse(cluster, CLUSTER_FIELDS)
        refused = len(self.problems)
        self._refuse(user, USER_FIELDS)
        refused_user = len(self.problems) > refused
        server = self._server(cluster)
        authority = self._take(cluster, "certificate-authority-data")
        signing = credentials.Pasted(
            where=user.where,
            certificate=self._take(user, "client-certificate-data"),
            key=self._take(user, "client-key-data"),
            token=self._take(user, "token"),
        )
        authority, found = credentials.authority(authority, f"{cluster.where}.certificate-authority-data")
        self.problems += found
        signed, found = credentials.sign_in(signing, required=not refused_user)
        self.problems += found
        if self.problems:
            return None
        return Kubeconfig(server, authority, signed.certificate, signed.key, signed.token)

    def _refuse(self, entry: _Entry, allowed: tuple[str, ...]) -> None:
        """Name every field that is not on the allowlist and says something."""
        for name, value in entry.fields.items():
            if name in allowed or name in _HARMLESS or value in _ABSENT:
                continue
            if name == "insecure-skip-tls-verify" and value == "false":
                continue
            kind = _REFUSALS.get(name, UNSUPPORTED)
            self.problems.append(kind(where=f"{entry.where}.{name}", key=name, commands=SERVICE_ACCOUNT))

    def _take(self, entry: _Entry, name: str) -> str:
        value = entry.fields.get(name, "")
        if not isinstance(value, str):
            self.problems.append(NOT_TEXT(where=f"{entry.where}.{name}"))
            return ""
        return "" if value in _ABSENT else value

    def _server(self, cluster: _Entry) -> str:
        server, where = self._take(cluster, "server"), f"{cluster.where}.server"
        if not server:
            self.problems.append(NO_SERVER(where=where))
            return ""
        parts = split_server(server)
        if parts is None or parts.scheme not in {"http", "https"}:
            self.problems.append(SERVER_FORM(where=where))
        elif parts.scheme == "http":
            self.problems.append(SERVER_HTTP(where=where))
        elif forbidden_host(parts.hostname or ""):
            self.problems.append(SERVER_FORBIDDEN(where=where, host=parts.hostname or ""))
        return server


def summary(config: Kubeconfig) -> dict[str, str]:
    """Return what may be shown of a credential: the server's host and port, its whole address, and who signs in."""
    parts = split_server(config.server)
    signed = {"user": credentials.described(config.certificate, config.token)}
    if parts is None:
        return {"server": "", "cluster": "", **signed}
    # Some products serve many clusters at one host, told apart by the path.
    cluster = f"{(parts.hostname or '').lower()}:{parts.port or _HTTPS}{parts.path.rstrip('/')}"
    return {"server": parts.netloc, "cluster": cluster, **signed}


def _entries(tree: dict[str, Tree], section: str) -> list[tuple[int, dict[str, Tree]]]:
    """Return the mappings of a list with their places in it."""
    listed: Any = tree.get(section)
    return [(index, entry) for index, entry in enumerate(listed) if isinstance(entry, dict)] if isinstance(listed, list) else []


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
