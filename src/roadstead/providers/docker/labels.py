"""What every object of ours carries. The platform's own labels go on as they come; these few are the provider's."""

from collections.abc import Mapping

from roadstead.runtimes.sdk import Place

TOKEN = "roadstead.token"
ENVIRONMENT = "roadstead.environment"
DEFINITION = "roadstead.definition"
ADDRESS = "roadstead.address"
PORTS = "roadstead.ports"
IMAGE = "roadstead.image"
SIZE = "roadstead.size"
BUILD = "roadstead.build"
# A volume that only says, by its label, which size a disk was given later: labels of a volume never change.
PART = "roadstead.part"


def labelled(place: Place, token: str, given: Mapping[str, str], **ours: str) -> dict[str, str]:
    """Return the labels of an object: what the platform gave, whose it is, and what the provider notes."""
    return {**given, ENVIRONMENT: place.mark, TOKEN: token, **{f"roadstead.{name}": value for name, value in ours.items()}}
