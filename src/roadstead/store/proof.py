"""What the store says of a version: its package, and the proof of its review in short."""

from typing import TYPE_CHECKING

from roadstead.reviews import selectors as reviews
from roadstead.store.schemas import MachineRole, Proof, RanImage, TestRun, Version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from roadstead.catalog.models import Version as WorkingVersion
    from roadstead.reviews.models import Decision
    from roadstead.reviews.trials import Trial


def facts_of(version: "WorkingVersion", *, released_at: "datetime") -> Version:
    """Return a version as it is listed, with the evidence of the review by which it passed."""
    decisions = reviews.evidence_of(version)
    submission = decisions[0].submission if decisions else None
    trials = reviews.trials_of(submission) if submission else []
    return Version(
        id=version.pk,
        name=version.name,
        type=version.type,
        app_version=version.facts.get("app_version", ""),
        update_log=version.description,
        digest=version.package,
        size=version.package_size,
        released_at=released_at,
        proofs=[_proof(row) for row in decisions],
        forced=submission.forced if submission else False,
        checks=reviews.evidence_rows(submission).filter(result="passed").count() if submission else 0,
        test_deployments=len(trials),
        tests=_runs(trials),
        roles=[MachineRole(**role) for role in version.facts.get("roles", [])],
    )


def _proof(row: "Decision") -> Proof:
    return Proof(stage=row.stage, verdict="forced" if row.forced else row.verdict, reviewer=row.who, decided_at=row.decided_at)


def _runs(trials: "Sequence[Trial]") -> list[TestRun]:
    """Name kinds of places and images only: whose environment it was, and where it answered, is nobody else's business."""
    return [
        TestRun(
            place=str(trial.place_kind),
            result=trial.state.value,
            begun_at=trial.begun,
            seconds=trial.seconds,
            images=[RanImage(image=image.image, digests=image.digests) for image in trial.images],
        )
        for trial in trials
    ]
