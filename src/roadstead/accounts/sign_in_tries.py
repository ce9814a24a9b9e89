"""The limit on failed sign-ins, for an account and for an address; kept in the database, so that it holds across all web processes."""

import ipaddress
from datetime import timedelta
from hashlib import sha256

from django.db import transaction

from roadstead.accounts.models import SignInTry
from roadstead.core.clock import now
from roadstead.core.turns import take_turn

MOST = 10
WINDOW = timedelta(minutes=5)


@transaction.atomic
def begin(*, account: str, address: str) -> list[int] | None:
    """Count an attempt before the password is looked at, so that many at once can't slip by; None: there were too many.

    `succeeded` takes the rows that are returned back.
    """
    keys = sorted([f"account {account.strip().lower()}", f"address {_network(address)}"])
    for key in keys:
        take_turn(f"sign-in {key}")
    SignInTry.objects.filter(at__lte=now() - WINDOW).delete()
    digests = [sha256(key.encode(errors="replace")).hexdigest() for key in keys]
    if any(SignInTry.objects.filter(key=digest).count() >= MOST for digest in digests):
        return None
    return [SignInTry.objects.create(key=digest).pk for digest in digests]


def succeeded(tries: list[int]) -> None:
    """Uncount an attempt; earlier failures still count, or one right password now and then would make room for guesses."""
    SignInTry.objects.filter(pk__in=tries).delete()


def _network(address: str) -> str:
    """Return what one visitor has of the address: all of it, or the first half of IPv6, of which the rest is theirs to vary."""
    try:
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    except ValueError:
        return address
