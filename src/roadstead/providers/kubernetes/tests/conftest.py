"""A story of each test: a namespace of its own on the real control plane."""

from collections.abc import Iterator

import pytest

from roadstead.providers.kubernetes.tests.stories import PROVIDER, Story
from tests.testbeds.kubernetes import ControlPlane


@pytest.fixture(name="story")
def _story(kubernetes: ControlPlane) -> Iterator[Story]:
    made = Story(kubernetes)
    PROVIDER.ensure_namespace(made.target)
    yield made
    kubernetes.kubectl("delete", "namespace", made.target.namespace, "--wait=false")
