"""Django's settings for tests: those of an installation, in a data folder of their own and with throw-away keys."""

import atexit
import base64
import os
import shutil
import tempfile

os.environ.setdefault("ROADSTEAD_SECRET_KEY", "only-for-tests")
os.environ.setdefault("ROADSTEAD_MASTER_KEY", base64.b64encode(bytes(32)).decode())
os.environ.setdefault("ROADSTEAD_LOG_LEVEL", "warning")
if "ROADSTEAD_DATA_DIR" not in os.environ:
    os.environ["ROADSTEAD_DATA_DIR"] = tempfile.mkdtemp(prefix="roadstead-test-")
    atexit.register(shutil.rmtree, os.environ["ROADSTEAD_DATA_DIR"], ignore_errors=True)

from roadstead.config.settings import *  # noqa: F403  # the same settings, after the environment
