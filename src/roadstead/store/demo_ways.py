"""The originals of demo data: one app for each way that a version can go, sent there by the verbs that people use."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from roadstead.catalog import selectors as versions
from roadstead.catalog import services as catalog
from roadstead.packaging import services as packaging
from roadstead.reviews import selectors as reviews
from roadstead.reviews import services as reviewing
from roadstead.store import sample, services
from roadstead.store.errors import NoSample

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from roadstead.catalog.services import Upload
    from roadstead.reviews.models import Submission

REJECTED = "Please say in the instructions how to change the first password."


class Way(NamedTuple):
    """How far a version goes: how many stages it passes (-1: it is never submitted), and what is done then. `share` of all apps go it."""

    share: float
    version: str
    passes: int
    then: str = ""


WAYS = (
    Way(0.28, "1.0.0", 3, "release"),
    Way(0.20, "1.4.2", 3, "release"),
    Way(0.17, "2.1.0", 3, "release"),
    Way(0.05, "0.9.3", 3, "suspend"),
    Way(0.08, "0.9.3", -1),
    Way(0.02, "1.0.0", -1, "delete"),
    Way(0.03, "1.0.0", 0),
    Way(0.02, "1.4.2", 0, "claim"),
    Way(0.02, "2.1.0", 1),
    Way(0.02, "1.0.0", 1, "claim"),
    Way(0.02, "1.4.2", 2),
    Way(0.01, "2.1.0", 2, "claim"),
    Way(0.02, "0.9.3", 0, "reject"),
    Way(0.02, "1.0.0", 2, "reject"),
    Way(0.03, "2.1.0", 3),
    Way(0.01, "1.4.2", 0, "withdraw"),
)


@dataclass(frozen=True)
class Cast:
    """Who sends the originals on their way: the sample people."""

    developer: "User"
    head: "User"
    business: "User"
    technical: "User"
    keeper: "User"

    @property
    def reviewers(self) -> "tuple[User, User, User]":
        """Who decides the stages, in their order."""
        return self.head, self.business, self.technical


def originals(cast: Cast, *, names: str) -> "list[Version]":
    """Make one app for each way, called `names` and a number."""
    uploads = {version: _upload(version) for version in dict.fromkeys(way.version for way in WAYS)}
    return [_gone(cast, way, uploads[way.version], name=f"{names} {number}") for number, way in enumerate(WAYS, 1)]


def _upload(version: str) -> "Upload":
    """Return the sample as another version of itself, checked as any upload is."""
    folder = sample.sample_folder()
    if folder is None:
        raise NoSample
    with tempfile.TemporaryDirectory() as aside:
        chart = Path(aside, "helm")
        shutil.copytree(folder / "helm", chart)
        about = chart / "Chart.yaml"
        about.write_text(re.sub(r"^version: .*$", f"version: {version}", about.read_text(), count=1, flags=re.MULTILINE))
        return catalog.check_upload(data=packaging.pack_folder(chart), filename=sample.FILENAME)


def _gone(cast: Cast, way: Way, upload: "Upload", *, name: str) -> "Version":
    made = catalog.create_app(actor=cast.developer, upload=upload, icon=sample.sample_icon())
    # The package names the app, and the next one has the same.
    catalog.edit_app(actor=cast.developer, app_id=made.app_id, name=name)
    if way.passes >= 0:
        submission = reviewing.submit(actor=cast.developer, version_id=made.pk)
        for reviewer in cast.reviewers[: way.passes]:
            _decide(reviewer, submission, "pass")
        _then(cast, way, submission)
    elif way.then == "delete":
        services.delete_version(actor=cast.developer, version_id=made.pk)
    return versions.version_by_id(made.pk)


def _then(cast: Cast, way: Way, submission: "Submission") -> None:
    if way.then in {"claim", "reject"}:
        reviewer = cast.reviewers[way.passes]
        _claim(reviewer, submission)
        if way.then == "reject":
            _decide(reviewer, submission, "reject")
    elif way.then == "withdraw":
        reviewing.withdraw(actor=cast.developer, version_id=submission.version_id)
    elif way.then in {"release", "suspend"}:
        services.release(actor=cast.developer, version_id=submission.version_id)
        if way.then == "suspend":
            services.suspend(actor=cast.keeper, version_id=submission.version_id)


def _claim(reviewer: "User", submission: "Submission") -> None:
    (stage,) = reviews.stages_open_to(reviewer)
    reviewing.claim(actor=reviewer, submission_id=submission.pk, stage=stage)


def _decide(reviewer: "User", submission: "Submission", word: str) -> None:
    _claim(reviewer, submission)
    (stage,) = reviews.stages_open_to(reviewer)
    now = reviews.submission_for(reviewer, submission.pk)
    (verdict,) = (each for each in reviews.verdicts_open_to(reviewer, now, reviews.claim_of(now)) if each.value == word)
    reviewing.decide(actor=reviewer, submission_id=submission.pk, stage=stage, verdict=verdict, reason=REJECTED if word == "reject" else "")
