"""Everything on an engine that carries an installation's label."""

from roadstead.providers.docker.client import Engine
from roadstead.providers.docker.labels import TOKEN
from roadstead.runtimes.sdk import Owned


def listed(engine: Engine, installation: str) -> tuple[Owned, ...]:
    """Return machines, then disks, then networks: in this order they can be taken away."""
    containers = engine.list("containers", installation=installation)
    volumes = engine.list("volumes", installation=installation)
    networks = engine.list("networks", installation=installation)
    return (
        *(
            Owned("machine", one["Id"], one["Names"][0].removeprefix("/"), one["Labels"].get(TOKEN, ""), one["Labels"])
            for one in containers
        ),
        *(Owned("disk", one["Name"], one["Name"], one["Labels"].get(TOKEN, ""), one["Labels"]) for one in volumes),
        *(Owned("network", one["Id"], one["Name"], one["Labels"].get(TOKEN, ""), one["Labels"]) for one in networks),
    )
