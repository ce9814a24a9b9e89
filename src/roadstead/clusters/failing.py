"""How what a place or the file store says becomes the failure of a step."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from roadstead.blobs.errors import BlobDamaged, BlobMissing
from roadstead.clusters.plans import MARGIN
from roadstead.core.problems import problem_kind
from roadstead.jobs import StepCancelled, StepFailed
from roadstead.runtimes.sdk import Interrupted, ProviderError

if TYPE_CHECKING:
    from roadstead.jobs import StepRun

PACKAGE_DAMAGED = problem_kind(
    "package_damaged",
    _(
        "The stored package isn't the one that was reviewed (%(digest)s…), so it isn't deployed. "
        "Tell an administrator: the file store needs repair."
    ),
)


@contextmanager
def failing_as_steps(run: "StepRun", digest: str) -> Iterator[None]:
    """Turn the failures of a place, and of reading the package `digest`, into the step's."""
    try:
        yield
    except Interrupted as error:
        raise StepCancelled from error
    except ProviderError as error:
        # Somebody who doesn't answer may answer later; who ran out of the whole time won't get more by asking again.
        again = not error.permanent and run.remaining() > MARGIN
        raise StepFailed(error.problem, permanent=not again) from error
    except (BlobDamaged, BlobMissing) as error:
        raise StepFailed(PACKAGE_DAMAGED(digest=str(error.params.get("digest", digest))[:12])) from error
