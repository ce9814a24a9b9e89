"""Instances as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class ClustersConfig(AppConfig):
    """Running applications."""

    name = "roadstead.clusters"
    label = "clusters"

    def ready(self) -> None:
        """Tell the engine what this package's jobs do; models must be there first."""
        import_module("roadstead.clusters.jobs").register()
        living = import_module("roadstead.clusters.residents")
        runtimes = import_module("roadstead.runtimes.services")
        runtimes.register_residents(living.residents, living.numbers)
        runtimes.register_keeper(living.keeper)
        import_module("roadstead.blobs.services").register_naming(import_module("roadstead.clusters.naming").digests)
