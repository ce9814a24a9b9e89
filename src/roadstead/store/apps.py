"""The store as a Django app."""

from importlib import import_module

from django.apps import AppConfig

from roadstead import jobs


class StoreConfig(AppConfig):
    """Listings, search, and the pages of a version on its way to the store."""

    name = "roadstead.store"
    label = "store"

    def ready(self) -> None:
        """Have deployments counted and old things forgotten, and say which files are named; models must be there first."""
        chores = import_module("roadstead.store.chores")
        jobs.schedule("count-deployments", chores.COUNT_EVERY, chores.count_deployments)
        jobs.schedule("forget", chores.FORGET_EVERY, chores.forget)
        import_module("roadstead.blobs.services").register_naming(import_module("roadstead.store.naming").digests)
