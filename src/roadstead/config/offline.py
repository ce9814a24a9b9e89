"""Django's settings for what needs no installation: offline checks, type checks, the shape of migrations.

Keys are throw-away, and no folder is made.
"""

import base64
import os
import secrets

os.environ["ROADSTEAD_SECRET_KEY"] = secrets.token_urlsafe(32)
os.environ["ROADSTEAD_MASTER_KEY"] = base64.b64encode(secrets.token_bytes(32)).decode()
os.environ["ROADSTEAD_DATA_DIR"] = f"{os.devnull}/roadstead"

from roadstead.config.settings import *  # noqa: F403  # the same settings, after the keys

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
