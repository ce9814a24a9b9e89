"""The line between this machine and a node that lives in a network of its own."""

import subprocess
from dataclasses import dataclass

# A place for private networks that hardly anybody uses, 16 lines of four addresses each.
NUMBERS = range(16)


@dataclass(frozen=True)
class Line:
    """A pair of ends; only this machine and the node are on it, and it goes when the node goes."""

    number: int

    @property
    def here(self) -> str:
        """The address of this machine's end."""
        return f"10.213.77.{4 * self.number + 1}"

    @property
    def there(self) -> str:
        """The address of the node's end."""
        return f"10.213.77.{4 * self.number + 2}"

    @property
    def name(self) -> str:
        """The name of this machine's end."""
        return f"rsnode{self.number}"

    @classmethod
    def lay(cls, process: int) -> "Line":
        """Lay a free line to the network of that process. Raises `OSError` when all are taken."""
        for number in NUMBERS:
            line = cls(number)
            if _ip("link", "add", line.name, "type", "veth", "peer", "name", "uplink", "netns", str(process)):
                line._address(process)
                return line
        raise OSError("no line to a node is free")

    def _address(self, process: int) -> None:
        inside = ("nsenter", "--net", "--target", str(process))
        steps = (
            ((), ("address", "add", f"{self.here}/30", "dev", self.name)),
            ((), ("link", "set", self.name, "up")),
            (inside, ("link", "set", "lo", "up")),
            (inside, ("address", "add", f"{self.there}/30", "dev", "uplink")),
            (inside, ("link", "set", "uplink", "up")),
            (inside, ("route", "add", "default", "via", self.here)),
        )
        for where, words in steps:
            if not _ip(*words, where=where):
                raise OSError(f"ip {' '.join(words)} failed")


def _ip(*words: str, where: tuple[str, ...] = ()) -> bool:
    return subprocess.run([*where, "ip", *words], capture_output=True, check=False).returncode == 0  # our own words
