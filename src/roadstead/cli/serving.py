"""What `roadstead up`, `web` and `worker` do once Django is there: take the port, prepare the data, run the jobs, serve.

The port comes first: what listens there may be this very installation.
"""

import errno
import gc
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

import click
import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from roadstead.accounts import selectors as people
from roadstead.accounts import services as accounts
from roadstead.agents.doors import agent_doors
from roadstead.agents.socket import listening_for_agents
from roadstead.blobs import services as blobs
from roadstead.cli.errors import Refused
from roadstead.cli.loading import one_line
from roadstead.core.turns import alone
from roadstead.jobs.bell import in_touch
from roadstead.jobs.lease import hold_folder
from roadstead.jobs.streams import job_events
from roadstead.jobs.worker import Worker
from roadstead.runtimes.granting import grant_to_samples
from roadstead.vendors.sample import ensure_sample

GRACE_SECONDS = 2


def serve() -> None:
    """Serve pages and API and run the jobs, all in this process, until told to stop."""
    _begin()
    options = settings.OPTIONS
    with one_line(), listening(options.host, options.port) as door, _until_told():
        _prepare_once()
        with Worker(options.data_dir, job_workers=options.job_workers), back_door() as others:
            answer(door, *others)
    _leave()


def web() -> None:
    """Serve pages and API; the jobs run in worker processes."""
    _begin()
    _require_server("web")
    options = settings.OPTIONS
    with one_line(), listening(options.host, options.port) as door, _until_told():
        _prepare_once()
        with in_touch(), back_door() as others:
            answer(door, *others)
    _leave()


def work() -> None:
    """Run jobs; any number of such processes share them."""
    _begin()
    _require_server("worker")
    options = settings.OPTIONS
    with one_line(), _until_told():
        _prepare_once()
        with Worker(options.data_dir, job_workers=options.job_workers):
            click.echo("Roadstead's worker runs  (Ctrl-C stops it)")
            Event().wait()
    _leave()


def make_ready() -> None:
    """Prepare the installation before its processes begin, the bucket too: to make one is more than a process that serves may do."""
    _begin()
    with one_line():
        blobs.make_place()
        _prepare_once()


def _begin() -> None:
    """Refuse what must not start, and say what was not understood."""
    options = settings.OPTIONS
    if options.demo and not is_loopback(options.host):
        raise Refused(f"--demo lets anybody in, so it listens on this machine only, not on {options.host}")
    for name in settings.UNKNOWN_VARIABLES:
        click.echo(f"roadstead: {name} names no setting and is left unread", err=True)
    # The data folder may hold the database, with sealed credentials and the keys of sessions: it is its owner's alone.
    os.umask(0o077)


def _require_server(command: str) -> None:
    if connection.vendor == "sqlite":
        raise Refused(f"`roadstead {command}` needs PostgreSQL, named by ROADSTEAD_DATABASE_URL; on SQLite, `roadstead up` does it all")


@contextmanager
def _until_told() -> Iterator[None]:
    """Leave through the same way on SIGTERM as on Ctrl-C, once there is something to leave."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stdout.flush()


def _prepare_once() -> None:
    """Prepare the installation while nobody else does: of two first starts at once, both would make an administrator."""
    claim_installation()
    with alone("prepare"):
        prepare()
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def claim_installation() -> None:
    """Make the data folder, and on SQLite be the only process that works in it."""
    folder = settings.OPTIONS.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        hold_folder(folder)


def _leave() -> None:
    """End now. A step that would not stop holds its thread, and Python would wait for it; it is taken up again."""
    sys.stdout.flush()
    os._exit(0)


def answer(*doors: socket.socket) -> None:
    """Serve pages, API and streams at the doors; at those for agents only what is theirs."""
    proxies = settings.OPTIONS.trusted_proxies
    config = uvicorn.Config(
        "roadstead.config.asgi:application",
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    # What is there now stays: the collector need not look through all of it again and again while pages are made.
    gc.freeze()
    click.echo(f"Roadstead is at {settings.OPTIONS.public_url}  (Ctrl-C stops it)")
    Server(config).run(sockets=[*doors])


class Server(uvicorn.Server):
    """Ends the streams first when it is told to stop: they would wait for ever, and hold it up."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut the streams, then let requests under way end."""
        job_events.close()
        agent_doors.close()
        await super().shutdown(sockets)


def prepare() -> None:
    """Bring the database up to date, and make what every installation has; all of it may be there already."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    accounts.ensure_builtin_roles()
    if not people.administrators().exists():
        user, password = accounts.create_administrator()
        click.echo(f"Administrator: {user.email}\nPassword:      {password}   (shown this once)")
    if settings.OPTIONS.demo:
        ensure_sample()
        grant_to_samples([*accounts.ensure_sample_people().values()])


@contextmanager
def back_door() -> Iterator[list[socket.socket]]:
    """Open the door for machines of this computer's own engine; where its folder can't be, all else is served without it."""
    with ExitStack() as held:
        doors = []
        try:
            doors.append(held.enter_context(listening_for_agents()))
        except OSError as problem:
            click.echo(f"roadstead: machines on this computer's own Docker can't be run: {problem}", err=True)
        yield doors


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything else is touched; who connects meanwhile waits until all is ready."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            door.listen(512)
        except OSError as problem:
            raise Refused(_why_not(problem, host, port)) from problem
        yield door


def _why_not(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"port {port} is taken; stop what listens there, or choose another one with --port"
    return f"cannot listen on {host}:{port}: {problem.strerror}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
