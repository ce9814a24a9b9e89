"""Agents as a Django app."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Identities and commands of frontgates and nodes."""

    name = "roadstead.agents"
    label = "agents"
