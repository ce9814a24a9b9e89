"""Both ways behind the seam."""

from collections.abc import Iterator

import pytest

from roadstead import helm


@pytest.fixture(params=["sdk", "command"])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Reach Helm this way: what is asked and answered must not tell."""
    if request.param == "command":
        helm.use(str(request.getfixturevalue("helm_command")))
    yield request.param
    helm.use("")
