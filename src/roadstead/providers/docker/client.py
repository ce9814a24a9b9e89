"""Calls to one engine: the official client, with a limit on the time of each call, and failures in the seam's words.

Nothing of this machine takes part: no proxy of the environment, no saved logins, no redirect, and no address that must never be reached.
"""

import ipaddress
import re
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import requests
from docker.api.client import APIClient
from docker.errors import APIError, DockerException
from docker.tls import TLSConfig
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from roadstead.core.problems import Problem, ProblemKind
from roadstead.providers.addresses import forbidden_address
from roadstead.providers.docker import problems as says
from roadstead.providers.docker.credentials import Access
from roadstead.runtimes.sdk import CredentialRefused, NotThere, ProviderError, QuotaExceeded, Refused, Throttled, TimedOut, Unreachable

CALL_SECONDS = 60.0
CONNECT_SECONDS = 5.0
OLDEST = (1, 40)
Json = dict[str, Any]
Answer = TypeVar("Answer")
_DISTRUST = re.compile(r"certificate verify failed: ([^(\n]*[^(\n ])")
_ALERT = re.compile(r"(?:tlsv1\d?|sslv3|tls) alert ([a-z ]+?)(?: \(|$)", re.IGNORECASE)


class Gone(NotThere):
    """The engine doesn't know what the call was about."""


class Conflict(Refused):
    """Something of that name is there, or what is there is in use or changing."""

    permanent = False


class _ForbiddenAddress(HTTPError):
    """A name led to an address that must never be reached."""


class _Connection(HTTPSConnection):
    """Looks at where a name really led, before a byte is sent."""

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        if forbidden_address(ipaddress.ip_address(connected.getpeername()[0].partition("%")[0])):
            connected.close()
            raise _ForbiddenAddress(self.host)
        return connected


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """Connects with the credential's TLS and looks at every address."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*sizes, **options, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave it to the context, which trusts the pasted authority and nobody else."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Tell nothing about certificates: the context has them."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {key: value for key, value in pool.items() if key not in {"ca_certs", "ca_cert_dir", "cert_file", "key_file"}}


class _Tls(TLSConfig):
    """The client's hook for TLS, filled from texts instead of files."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def configure_client(self, client: requests.Session) -> None:
        """Put the adapter in."""
        client.mount("https://", _Adapter(_context(self._access)))


class Engine:
    """One engine for the time of one call of the seam. `api` is the official client; use it within `said`."""

    _versions: ClassVar[dict[str, str]] = {}

    def __init__(self, access: Access, *, seconds: float = CALL_SECONDS) -> None:
        self.access = access
        with said(access):
            if access.local:
                _knock(access)
            self.api: Any = _client(access, seconds, self._versions.get(access.host))
        # An engine that was replaced by an older one answers 400 to all: it is asked anew by the next process.
        self._versions[access.host] = self.api.api_version

    def call(self, question: Callable[..., Answer], *words: Any, **more: Any) -> Answer:
        """Ask the engine; every failure is a `ProviderError`."""
        with said(self.access):
            return question(*words, **more)

    def list(self, what: str, **labels: str) -> list[Json]:
        """Return the containers, volumes or networks that carry these labels; an empty value asks for the label alone."""
        filters = {"label": [f"roadstead.{name}={value}" if value else f"roadstead.{name}" for name, value in labels.items()]}
        if what == "containers":
            return list(self.call(self.api.containers, all=True, filters=filters))
        if what == "volumes":
            return list(self.call(self.api.volumes, filters=filters)["Volumes"] or ())
        return list(self.call(self.api.networks, filters=filters))

    def find(self, question: Callable[..., Json], name: str) -> Json | None:
        """Return what the engine tells of a name, or None when nothing has it."""
        try:
            return self.call(question, name)
        except NotThere:
            return None

    def close(self) -> None:
        """Let go of the connection."""
        self.api.close()


@contextmanager
def entered(credential: str, *, seconds: float = CALL_SECONDS) -> Iterator[Engine]:
    """Have an engine for one call of the seam."""
    engine = Engine(Access.stored(credential), seconds=seconds)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def said(access: Access) -> Iterator[None]:
    """Turn the client's failures into the seam's."""
    try:
        yield
    except APIError as error:
        raise _refused(error) from None
    except (DockerException, requests.RequestException, HTTPError, OSError) as error:
        raise _failed(access, error) from None


def _knock(access: Access) -> None:
    """See whether somebody listens: the client leaves a socket open when nobody does."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(CONNECT_SECONDS)
        line.connect(access.server)


def _client(access: Access, seconds: float, version: str | None) -> Any:
    address = access.host if access.local else access.host.replace("tcp://", "https://")
    # Not version "auto": the answer is looked at first, and remembered.
    api = APIClient(base_url=address, version="1.40", timeout=seconds, tls=False if access.local else _Tls(access))
    api.trust_env, api.max_redirects, api.proxies = False, 0, {}
    if version is None:
        told = api.version(api_version=False)
        version = _newest(access, told)
    api._version = version  # noqa: SLF001  # the constructor would ask the engine itself, before the adapter is as it shall be
    return api


def _newest(access: Access, told: Any) -> str:
    """Return the version of the interface to speak: the engine's own. What the calls here use is old in all of them."""
    if not isinstance(told, dict) or not re.fullmatch(r"\d+\.\d+", str(told.get("ApiVersion", ""))):
        raise Refused(says.NOT_AN_ENGINE(server=access.server))
    version = str(told["ApiVersion"])
    if tuple(map(int, version.split("."))) < OLDEST:
        raise Refused(says.TOO_OLD(version=version, wanted=".".join(map(str, OLDEST))))
    return version


def _context(access: Access) -> ssl.SSLContext:
    """Return what TLS needs. Python loads a client certificate from files only: they live in a private folder for that moment."""
    context = ssl.create_default_context(cadata=access.authority)
    with tempfile.TemporaryDirectory(prefix="roadstead-") as folder:
        pair = Path(folder, "pair.pem")
        pair.touch(mode=0o600)
        pair.write_text(access.key + access.certificate)
        context.load_cert_chain(pair)
    return context


_STATUSES: dict[int, tuple[type[ProviderError], ProblemKind]] = {
    401: (CredentialRefused, says.SAID_NO),
    403: (CredentialRefused, says.SAID_NO),
    404: (Gone, says.SAID_NO),
    409: (Conflict, says.SAID_NO),
    429: (Throttled, says.BUSY),
    502: (Unreachable, says.TROUBLE),
    503: (Unreachable, says.TROUBLE),
    504: (Unreachable, says.TROUBLE),
}


def _refused(error: APIError) -> ProviderError:
    """Say what the engine's refusal means."""
    reason = str(error.explanation or error).strip().rstrip(".")[:2_000]
    if "no space left on device" in reason:
        return QuotaExceeded(says.DISK_FULL(reason=reason))
    kind, words = _STATUSES.get(error.status_code or 500, (Refused, says.SAID_NO))
    return kind(words(reason=reason))


def _failed(access: Access, error: Exception) -> ProviderError:
    """Say what went wrong on the way, without the addresses and objects that libraries put into their words."""
    inner, server = list(_causes(error)), access.server
    host, text = server.rpartition(":")[0], " ".join(map(str, inner))
    kinds: tuple[tuple[Any, ProviderError], ...] = (
        (_ForbiddenAddress, CredentialRefused(says.ADDRESS_FORBIDDEN(host=host))),
        (PermissionError, CredentialRefused(says.NO_PERMISSION(server=server))),
        (requests.Timeout | TimeoutError, TimedOut(says.NO_ANSWER(server=server))),
        (FileNotFoundError | ConnectionRefusedError, Unreachable(says.STOPPED(server=server))),
        (socket.gaierror, Unreachable(says.NAME_UNKNOWN(host=host))),
        (ssl.SSLError, CredentialRefused(_distrust(server, text))),
        (requests.TooManyRedirects | requests.exceptions.JSONDecodeError, Refused(says.NOT_AN_ENGINE(server=server))),
    )
    for kind, meaning in kinds:
        if any(isinstance(one, kind) for one in inner):
            return meaning
    reasons = [one.strerror for one in inner if isinstance(one, OSError) and one.strerror]
    return Unreachable(says.UNREACHABLE(server=server, reason=reasons[-1] if reasons else type(inner[-1]).__name__))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Return an error with all that it was made of: libraries wrap them as causes, as contexts and as arguments."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        one = todo.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [
            one.__cause__,
            one.__context__,
            *(part for part in one.args if isinstance(part, BaseException)),
            getattr(one, "reason", None),
        ]
        todo = [part for part in todo if isinstance(part, BaseException)]


def _distrust(server: str, text: str) -> Problem:
    found = _DISTRUST.search(text) or _ALERT.search(text)
    return says.BAD_TLS(server=server, reason=found[1] if found else "no agreement")
