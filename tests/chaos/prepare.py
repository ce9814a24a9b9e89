"""Put a released WordPress and an environment of the sample user into a data folder, by the very services that the pages call.

Run by `installation.prepare` in a process of its own, with Django set up for that folder.
"""

import json
import sys
from pathlib import Path

from roadstead.accounts.models import User
from roadstead.accounts.scopes import Scope
from roadstead.accounts.tokens import create_token
from roadstead.catalog import services as catalog
from roadstead.packaging.services import pack_folder
from roadstead.reviews import services as reviews
from roadstead.reviews.track import OPEN_STAGES, Verdict
from roadstead.runtimes import services as runtimes
from roadstead.store import services as store

CHART = Path(__file__).parents[2] / "examples" / "wordpress" / "helm"
REVIEWERS = ("苏禾", "何以晴", "林知远")


def main(kubeconfig: str) -> None:
    """Walk one chart through review to the store, and print the ids of its version and of an environment, and a token."""
    people = {user.name: user for user in User.objects.all()}
    upload = catalog.check_upload(data=pack_folder(CHART), filename="wordpress.tgz")
    version = catalog.create_app(actor=people["陈屿"], upload=upload)
    submission = reviews.submit(actor=people["陈屿"], version_id=version.pk)
    for stage, name in zip(OPEN_STAGES, REVIEWERS, strict=True):
        reviews.claim(actor=people[name], submission_id=submission.pk, stage=stage)
        reviews.decide(actor=people[name], submission_id=submission.pk, stage=stage, verdict=Verdict.PASS)
    store.release(actor=people["陈屿"], version_id=version.pk)
    content = Path(kubeconfig).read_text()
    place = runtimes.create_environment(actor=people["周子衿"], provider="kubernetes", content=content, zone="chaos", name="chaos")
    _token, value = create_token(actor=people["周子衿"], name="chaos", scopes=[*Scope], days=1)
    sys.stdout.write(json.dumps({"version": version.pk, "environment": place.pk, "token": value}) + "\n")
