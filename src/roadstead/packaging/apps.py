"""Django's entry for this package: it brings no models, only words."""

from django.apps import AppConfig
from django.conf import settings

from roadstead import helm


class PackagingConfig(AppConfig):
    """Makes Django find the translations of the problems, and says which way Helm is reached."""

    name = "roadstead.packaging"
    label = "packaging"

    def ready(self) -> None:
        """Use the command that the settings name."""
        helm.use(settings.OPTIONS.helm_command)
