"""The store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Listings, search, and the pages of a version on its way to the store."""

    name = "roadstead.store"
    label = "store"
