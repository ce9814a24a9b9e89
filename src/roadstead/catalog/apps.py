"""The catalog as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Apps, versions, pictures."""

    name = "roadstead.catalog"
    label = "catalog"

    def ready(self) -> None:
        """Say what keeps a person, and which files are named; models must be there first."""
        import_module("roadstead.accounts.services").register_responsibilities(
            import_module("roadstead.catalog.responsibilities").apps_in_store
        )
        import_module("roadstead.blobs.services").register_naming(import_module("roadstead.catalog.naming").digests)
