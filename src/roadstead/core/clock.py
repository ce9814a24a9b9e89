"""The one source of the time, so that a test can stop it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return timezone.now()
