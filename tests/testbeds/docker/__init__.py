"""A Docker engine of the tests' own, beside that of the machine: `Engine.start()`."""

from tests.testbeds.docker.engine import Engine, EngineFailed, sweep
from tests.testbeds.kubernetes.build import CannotBuild

__all__ = ["CannotBuild", "Engine", "EngineFailed", "sweep"]
