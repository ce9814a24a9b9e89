"""Fills a store with copies of an app that went the whole way."""

from datetime import datetime, timedelta

from django.db import transaction

from roadstead.core.ids import new_id
from roadstead.store.demo_copies import Copy, Original, add, copied
from roadstead.store.factories import listing as released
from roadstead.store.services import count_shelves

PIECE = 1_000
ONE_IN = 20  # so many have the words that the search asks for
INTRODUCTION = "全球使用最广的博客系统，适合个人与团队"
OTHERS = "记录每一条船何时进港、何时离开的小工具"


def main(count: str) -> None:
    """Fill the store of this process's data folder."""
    fill(int(count))


@transaction.atomic
def fill(count: int) -> None:
    """Copy one real app with its version and its listing, so that the size of what is served is real too."""
    first = released(name="wordpress", introduction=INTRODUCTION)
    original = Original.of(first.app.versions.get())
    for start in range(0, count, PIECE):
        add([_copy(original, number) for number in range(start, min(start + PIECE, count))])
    count_shelves()


def _copy(original: Original, number: int) -> Copy:
    said = {"name": f"app {number}", "introduction": OTHERS if number % ONE_IN else INTRODUCTION}
    ids = {row.pk: new_id(row.pk.partition("-")[0]) for row in original.rows}

    def before(moment: datetime) -> datetime:
        return moment - timedelta(seconds=number + 1)

    return copied(original, swaps=ids, when=before, app=said, info=said)
