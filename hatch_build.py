"""The build hook: sdist, wheel and editable install alike carry the front end and the compiled translations."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Hatchling loads this file by its path, so the folder beside it is not found by itself.
sys.path.insert(0, str(Path(__file__).parent))

from scripts import assets


class AssetsHook(BuildHookInterface[Any]):
    """Builds what is stale before hatchling collects."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node and Babel only when they will be used: most installs download neither."""
        return assets.needs()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, once a target. A wheel brings the sample application along; an editable install sees it in the checkout."""
        assets.build()
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"][str(Path(self.root, "examples"))] = "roadstead/examples"
