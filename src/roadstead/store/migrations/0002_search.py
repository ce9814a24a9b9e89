"""The search table of the store: one row of tokens a listing. No trigger writes it; the verbs of `store.services` do."""

from typing import Any

from django.db import migrations

# As they were with this migration; `store.words` says what each engine makes of them.
CREATE = {
    "sqlite": ["CREATE VIRTUAL TABLE store_search USING fts5(words, tokenize='unicode61', prefix='2 3', detail='none', columnsize=0)"],
    "postgresql": [
        "CREATE TABLE store_search (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX store_search_words ON store_search USING gin (words)",
    ],
}


def create(_apps: Any, schema_editor: Any) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE store_search")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
