"""Re-seals every secret under the master key that seals now, a few rows at a time, while everything else goes on."""

from collections import Counter

from django.db import models, transaction

from roadstead.core.sealed import SealedField, sealed_columns
from roadstead.core.secrets import key_id, key_id_of, reseal

PIECE = 100


def rotate() -> int:
    """Re-seal what is sealed under another key; return how many secrets. Run again after a crash, it goes on where it was."""
    return sum(_rotate(model, field) for model, field in sealed_columns())


def in_use() -> Counter[str]:
    """Return how many secrets each master key seals, by its name."""
    used: Counter[str] = Counter()
    for model, field in sealed_columns():
        used.update(map(key_id_of, _sealed(model, field).values_list(field.attname, flat=True).iterator()))
    return used


def _sealed(model: type[models.Model], field: SealedField) -> "models.QuerySet[models.Model]":
    return model._base_manager.exclude(**{field.attname: ""})


def _rotate(model: type[models.Model], field: SealedField) -> int:
    # A token begins with the name of its key.
    behind = _sealed(model, field).exclude(**{f"{field.attname}__startswith": f"rs1.{key_id()}."})
    count = 0
    while names := list(behind.order_by("pk").values_list("pk", flat=True)[:PIECE]):
        count += _reseal(model, field, names)
    return count


@transaction.atomic
def _reseal(model: type[models.Model], field: SealedField, names: list[str]) -> int:
    # In the order of their names: two of us don't wait for each other. Held, so that nobody's newer secret is overwritten.
    rows = list(model._base_manager.select_for_update().filter(pk__in=names).order_by("pk"))
    for row in rows:
        token = getattr(row, field.attname)
        fresh = reseal(token, context=getattr(row, field.context)) if token else ""
        model._base_manager.filter(pk=row.pk).update(**{field.attname: fresh})
    return len(rows)
