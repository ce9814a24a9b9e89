"""What ends TLS in front of a server, as a proxy of an installation does: a process of its own.

`python -m tests.tls ADDRESS PORT TARGET FOLDER`.
"""

import asyncio
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ports import free_ports
from tests.testbeds.kubernetes.certificates import Authority, pem


class Terminator:
    """Takes connections over TLS at an address, from when it is told where to lead them."""

    def __init__(self, folder: Path, address: str, port: int) -> None:
        self.folder, self.address, self.port = folder, address, port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"https://{self.address}:{self.port}"

    def lead_to(self, target: int) -> None:
        """Pass everything on to a port of this machine."""
        words = [self.address, str(self.port), str(target), str(self.folder)]
        self._process = subprocess.Popen([sys.executable, "-m", "tests.tls", *words], cwd=Path(__file__).parents[1])

    def stop(self) -> None:
        """End it."""
        if self._process:
            self._process.kill()
            self._process.wait()


@contextmanager
def terminator(folder: Path, address: str, *, names: str = "") -> Iterator[tuple[Terminator, Path]]:
    """Have one with a certificate of an authority of its own, for this address or for another; gives the authority's file too."""
    authority = Authority.make()
    authority.issue(folder, "front", "roadstead", serving=(names or address,))
    (folder / "authority.pem").write_bytes(pem(authority.certificate))
    front = Terminator(folder, address, free_ports(1)[0])
    try:
        yield front, folder / "authority.pem"
    finally:
        front.stop()


async def _serve(address: str, port: int, target: int, folder: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "front.crt", folder / "front.key")

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(_pump(reader, outer), _pump(inner, writer))

    server = await asyncio.start_server(passed_on, address, port, ssl=context)
    await server.serve_forever()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))
