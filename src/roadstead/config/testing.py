"""Django's settings for tests: those of an installation, in a data folder of their own and with throw-away keys."""

import atexit
import base64
import os
import shutil
import tempfile

os.environ.setdefault("ROADSTEAD_SECRET_KEY", "only-for-tests")
os.environ.setdefault("ROADSTEAD_MASTER_KEY", base64.b64encode(bytes(32)).decode())
os.environ.setdefault("ROADSTEAD_LOG_LEVEL", "warning")
# Never the machine's own engine: a test that wants one has it.
os.environ.setdefault("ROADSTEAD_DOCKER_HOST", "unix:///nowhere/docker.sock")
# Each worker of a parallel run has a folder of its own; a process that a test starts keeps the one it is given.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if "ROADSTEAD_DATA_DIR" not in os.environ or os.environ.get("ROADSTEAD_TEST_WORKER", WORKER) != WORKER:
    os.environ["ROADSTEAD_TEST_WORKER"] = WORKER
    os.environ["ROADSTEAD_DATA_DIR"] = tempfile.mkdtemp(prefix="roadstead-test-")
    atexit.register(shutil.rmtree, os.environ["ROADSTEAD_DATA_DIR"], ignore_errors=True)

from roadstead.config.settings import *  # noqa: E402, F403  # the same settings, after the environment

# A flush makes these anew by itself; restoring them as well would collide.
TEST_NON_SERIALIZED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
