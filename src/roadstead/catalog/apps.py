"""The catalog as a Django app."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Apps, versions, pictures."""

    name = "roadstead.catalog"
    label = "catalog"
