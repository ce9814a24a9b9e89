"""Puts the sample app into a store and makes somebody with a token for programs; prints the version and the token as JSON."""

import json
import sys
from pathlib import Path

from roadstead.accounts.factories import person
from roadstead.accounts.scopes import Scope
from roadstead.accounts.tokens import create_token
from roadstead.blobs import services as blobs
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.packaging.services import pack_folder
from roadstead.store.factories import listing

SAMPLE = Path(__file__).parents[1] / "examples/wordpress/helm"


def main() -> None:
    """Make them in the data folder of this process."""
    shown = listing(name="wordpress")
    Version.objects.filter(app=shown.app).update(package=blobs.put(pack_folder(SAMPLE)))
    version = Version.objects.get(app=shown.app, status=Status.ACTIVE)
    token = create_token(actor=person("user"), name="bench", scopes=[*Scope], days=1)[1]
    sys.stdout.write(json.dumps({"version": version.pk, "token": token}))
