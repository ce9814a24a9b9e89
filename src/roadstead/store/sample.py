"""The sample application: WordPress as a chart and for machines, packed from the files that come with Roadstead."""

from pathlib import Path

from roadstead.packaging import services as packaging
from roadstead.store.errors import NoSample

# In a checkout, and in an installed package.
_PLACES = (Path(__file__).parents[3] / "examples/wordpress", Path(__file__).parents[1] / "examples/wordpress")
FILENAME, NAME = "wordpress.tgz", "wordpress"


def sample_folder() -> Path | None:
    """Return where the sample lies, if it is there."""
    return next((place for place in _PLACES if (place / "helm/Chart.yaml").is_file()), None)


def sample_chart() -> bytes:
    """Return the sample as a package; the same files give the same bytes."""
    folder = sample_folder()
    if folder is None:
        raise NoSample
    return packaging.pack_folder(folder / "helm")


def sample_machines() -> bytes:
    """Return the sample's package for machines; the same files give the same bytes."""
    folder = sample_folder()
    if folder is None:
        raise NoSample
    return packaging.pack_folder(folder / "vm")


def sample_icon() -> bytes:
    """Return the sample's picture, or nothing."""
    folder = sample_folder()
    picture = folder / "icon.png" if folder else None
    return picture.read_bytes() if picture and picture.is_file() else b""
