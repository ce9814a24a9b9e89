"""A platform process for tests: `python platform_script.py FOLDER`; knows agents and what lies below, nothing above."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

# The tests' own settings, by name: agents don't know who configures them.
full = import_module(os.environ["DJANGO_SETTINGS_MODULE"])
settings.configure(
    **{
        **{name: getattr(full, name) for name in dir(full) if name.isupper()},
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "roadstead.core",
            "roadstead.audit",
            "roadstead.accounts",
            "roadstead.jobs",
            "roadstead.agents",
        ],
    }
)
django.setup()
# Models load only now.
import_module("roadstead.agents.tests.platform_commands").main(Path(sys.argv[1]))
