"""The settings of an installation, with an empty view beside the real ones to measure against."""

from roadstead.config.settings import *  # noqa: F403  # the same settings

ROOT_URLCONF = "bench.urls"
