"""Environments as a Django app."""

from django.apps import AppConfig


class RuntimesConfig(AppConfig):
    """Environments, credentials, providers."""

    name = "roadstead.runtimes"
    label = "runtimes"
