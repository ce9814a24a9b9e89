"""Put an app where a story begins, by the very services that the pages call.

Run by `installation` in a process of its own beside the server, with Django set up for the same data folder.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from roadstead.accounts.models import User
from roadstead.catalog import services as catalog
from roadstead.catalog.models import App
from roadstead.reviews import services as reviews
from roadstead.reviews.models import Claim
from roadstead.reviews.track import OPEN_STAGES, Verdict
from roadstead.store import services as store
from tests.journeys import hostile, people
from tests.journeys.packages import packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadstead.catalog.models import Version

REVIEWERS = (people.HEAD, people.BUSINESS, people.TECHNICAL)
WAY = ("draft", *OPEN_STAGES, "passed", "listed")


def app(name: str, number: str, stands: str, archive: str, **changes: str) -> dict[str, str]:
    """Make an app, or another version of it, and walk the version as far as `stands`: a draft, a stage, passed or listed."""
    developer, delivery = _person(people.DEVELOPER), changes.pop("delivery")
    data = Path(archive).read_bytes() if archive else packed(name, number, **changes)
    upload = catalog.check_upload(data=data, filename=f"{name}-{number}.tgz", delivery=delivery)
    known = App.objects.filter(name=name).first()
    if known:
        version = catalog.add_version(actor=developer, app_id=known.pk, upload=upload, description=f"New in {number}")
    else:
        version = catalog.create_app(actor=developer, upload=upload)
        catalog.edit_app(
            actor=developer, app_id=version.app_id, introduction=f"{name} greets everybody", readme=f"# Use of {name}\n\nOpen it."
        )
    review = _walk(developer, version, WAY.index(stands))
    return {"app": f"/workbench/apps/{version.app_id}", "version": f"/workbench/versions/{version.pk}", "review": review}


def made_of_payloads(name: str) -> dict[str, str]:
    """Make an app that tries to run something wherever it is shown, and bring it into the store."""
    developer = _person(people.DEVELOPER)
    version = hostile.make(developer, name)
    review = _walk(developer, version, WAY.index("listed"))
    return {"app": f"/workbench/apps/{version.app_id}", "version": f"/workbench/versions/{version.pk}", "review": review}


def _walk(developer: User, version: "Version", steps: int) -> str:
    if not steps:
        return ""
    submission = reviews.submit(actor=developer, version_id=version.pk)
    for stage, name in list(zip(OPEN_STAGES, REVIEWERS, strict=True))[: steps - 1]:
        reviews.claim(actor=_person(name), submission_id=submission.pk, stage=stage)
        reviews.decide(actor=_person(name), submission_id=submission.pk, stage=stage, verdict=Verdict.PASS)
    if WAY[steps] == "listed":
        store.release(actor=developer, version_id=version.pk)
    return f"/workbench/reviews/{submission.pk}"


def hours_pass(review: str, hours: int) -> dict[str, str]:
    """Let the last action on a review lie some hours back."""
    for claim in Claim.objects.filter(submission=review.rpartition("/")[2], ended_at=None):
        Claim.objects.filter(pk=claim.pk).update(
            active_at=claim.active_at - timedelta(hours=hours), claimed_at=claim.claimed_at - timedelta(hours=hours)
        )
    return {}


def _person(name: str) -> User:
    return User.objects.get(name=name)


DEEDS: "dict[str, Callable[..., dict[str, str]]]" = {"app": app, "hours_pass": hours_pass, "made_of_payloads": made_of_payloads}


def main() -> None:
    """Do what each line asks for, and answer with a line of what the story needs to know."""
    for line in sys.stdin:
        deed, arguments = json.loads(line)
        sys.stdout.write(json.dumps(DEEDS[deed](**arguments)) + "\n")
        sys.stdout.flush()
