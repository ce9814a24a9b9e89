"""A PostgreSQL server of the tests' own: `python -m tests.testbeds.postgres run COMMAND` gives a command one to work on."""

from tests.testbeds.postgres.cluster import CannotHave, Cluster

__all__ = ["CannotHave", "Cluster"]
