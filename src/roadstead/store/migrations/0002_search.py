"""The search table of the store: one row of tokens a listing. No trigger writes it; the verbs of `store.services` do."""

from typing import Any

from django.db import migrations

CREATE = {
    "sqlite": "CREATE VIRTUAL TABLE store_search USING fts5(words, tokenize='unicode61', prefix='2 3', detail='none', columnsize=0)",
}


def create(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(CREATE[schema_editor.connection.vendor])


def drop(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE store_search")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
