"""Puts the pretended cloud into a folder as an installed distribution, as a stranger's provider comes."""

import shutil
from pathlib import Path

PACKAGE, VERSION = "roadstead_pretended_cloud", "1.0"
ENTRY = f"[roadstead.providers]\ncloud = {PACKAGE}.provider:CloudProvider\n"


def install(folder: Path) -> Path:
    """Install it; a Python that has the folder on its path finds the provider, and nothing of the tests with it."""
    here = Path(__file__).parent
    (folder / PACKAGE).mkdir(parents=True)
    for file in here.glob("*.py"):
        if file.name != "install.py":
            shutil.copy(file, folder / PACKAGE)
    facts = folder / f"{PACKAGE}-{VERSION}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE.replace('_', '-')}\nVersion: {VERSION}\n")
    (facts / "entry_points.txt").write_text(ENTRY)
    return folder
