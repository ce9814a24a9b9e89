"""Preparing an installation from outside, while it is stopped."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = "import sys, django; django.setup(); from tests.chaos.prepare import main; main(sys.argv[1])"


def prepare(data_dir: Path, kubeconfig: Path) -> dict[str, str]:
    """Run `prepare.main` on a data folder and return the ids that it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_"))}
    settings = {"ROADSTEAD_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "roadstead.config.settings"}
    command = [sys.executable, "-c", PROGRAM, str(kubeconfig)]
    ran = subprocess.run(command, env=clean | settings, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    ids: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    return ids
