"""What Helm's failures mean at the seam."""

from collections.abc import Iterator
from contextlib import contextmanager

from roadstead import helm
from roadstead.providers.kubernetes.problems import HELM_FAILED, HELM_TIMEOUT
from roadstead.runtimes.sdk import CredentialRefused, NotThere, ProviderError, Refused, TimedOut, Unreachable

# Helm's words become the seam's: what may pass by itself, and what a person must change.
_FAILURES: dict[str, type[ProviderError]] = {
    "unreachable": Unreachable,
    "crashed": Unreachable,
    "pending": Unreachable,
    "credential": CredentialRefused,
    "missing": NotThere,
}


@contextmanager
def helms(seconds: float) -> Iterator[None]:
    """Turn Helm's failures into the seam's."""
    try:
        yield
    except helm.HelmFailure as failure:
        if failure.kind == "timeout":
            raise TimedOut(HELM_TIMEOUT(seconds=round(seconds), reason=failure.text)) from failure
        raise _FAILURES.get(failure.kind, Refused)(HELM_FAILED(reason=failure.text)) from failure
