"""Put the released package for machines into a data folder, and find the place for its instances.

Run by `place.installed` in a process of its own, with Django set up for that folder.
"""

import base64
import json
import sys

from roadstead.accounts.models import User
from roadstead.accounts.scopes import Scope
from roadstead.accounts.tokens import create_token
from roadstead.catalog import services as catalog
from roadstead.reviews import services as reviews
from roadstead.reviews.track import OPEN_STAGES, Verdict
from roadstead.runtimes import services as runtimes
from roadstead.runtimes.selectors import environments_visible_to
from roadstead.store import services as store
from tests.chaos.prepare import REVIEWERS

DEVELOPER, OWNER = "陈屿", "周子衿"


def main(package: str) -> None:
    """Walk the package to the store, and print the ids of its version and of an environment, and a token."""
    people = {user.name: user for user in User.objects.all()}
    upload = catalog.check_upload(data=base64.b64decode(package), filename="ledger.tgz", delivery="vm")
    version = catalog.create_app(actor=people[DEVELOPER], upload=upload)
    submission = reviews.submit(actor=people[DEVELOPER], version_id=version.pk)
    for stage, name in zip(OPEN_STAGES, REVIEWERS, strict=True):
        reviews.claim(actor=people[name], submission_id=submission.pk, stage=stage)
        reviews.decide(actor=people[name], submission_id=submission.pk, stage=stage, verdict=Verdict.PASS)
    store.release(actor=people[DEVELOPER], version_id=version.pk)
    owner = people[OWNER]
    place = environments_visible_to(owner, debug=False).filter(provider="docker").first()
    _token, value = create_token(actor=owner, name="chaos", scopes=[*Scope], days=1)
    ids = {"version": version.pk, "environment": place.pk if place else "", "token": value, "mark": runtimes.installation_mark()}
    sys.stdout.write(json.dumps(ids) + "\n")
