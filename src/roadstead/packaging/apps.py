"""Django's entry for this package: it brings no models, only words."""

from django.apps import AppConfig


class PackagingConfig(AppConfig):
    """Makes Django find the translations of the problems."""

    name = "roadstead.packaging"
    label = "packaging"
