"""Promise I13 for what the platform itself refuses: every rule says what and at which field, in both languages, and is tried by a test."""

import ast
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from roadstead.accounts.factories import person
from roadstead.accounts.rules import set_rules
from roadstead.accounts.scopes import Scope
from roadstead.accounts.tokens import create_token
from roadstead.clusters.operations import Operation
from roadstead.clusters.several import begin_several
from roadstead.core.errors import DomainError, Invalid
from roadstead.core.pages import confirm_name
from roadstead.runtimes.models import Environment
from roadstead.upkeep.archive import Backup

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/roadstead"
PLACES = re.compile(r"%\((\w+)\)[sd]")
# They name no field: the particulars are problems with a place each, or nothing was asked for that could be at fault.
WITHOUT_FIELD = {"PackageUnreadable", "AnswersRefused", "NoServerNumberFree", "NotABackup"}


@cache
def refusals() -> dict[str, type[DomainError]]:
    """Every kind of 422 answer, by its name."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        if re.search(r"\((\w+\.)?Invalid\):", path.read_text()) and "tests" not in path.parts:
            import_module(module)
    return {
        kind.__name__: kind for kind in _below(Invalid) if kind.__module__.startswith("roadstead.") and ".tests." not in kind.__module__
    }


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _below(one)


def raised() -> Iterator[tuple[str, ast.Call, str]]:
    """Every place that raises one: its name, the call, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            found = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(found, ast.Call) and isinstance(found.func, ast.Name | ast.Attribute):
                name = found.func.id if isinstance(found.func, ast.Name) else found.func.attr
                if name in refusals():
                    yield name, found, f"{path.relative_to(ROOT)}:{found.lineno}"


def test_there_are_many() -> None:
    assert len(refusals()) > 20
    assert len(list(raised())) > 40


@pytest.mark.parametrize("name", sorted(refusals()))
def test_its_words_are_said_in_both_languages(name: str) -> None:
    words = refusals()[name].words
    with translation.override("en"):
        english = str(words)
    with translation.override("zh-hans"):
        chinese = str(words)
    assert english.strip()
    assert re.search(r"[一-鿿]", chinese), chinese
    assert set(PLACES.findall(english)) == set(PLACES.findall(chinese))


def test_every_one_names_the_field_and_what_its_words_need() -> None:
    wrong = []
    for name, call, where in raised():
        given = {keyword.arg for keyword in call.keywords}
        if None in given:  # what is passed on whole isn't looked into
            continue
        if "field" not in given and name not in WITHOUT_FIELD:
            wrong.append(f"{where}: {name} without a field")
        with translation.override("en"):
            lacking = set(PLACES.findall(str(refusals()[name].words))) - given
        if lacking:
            wrong.append(f"{where}: {name} lacks {sorted(lacking)}")
    assert not wrong, "\n".join(["", *wrong])


def administrator() -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(person("global_admin"))
    return client


def program() -> Client:
    token = create_token(actor=person("user"), name="ci", scopes=[*Scope], days=1)[1]
    return Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})


def no_backup() -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"not even a tar")
        file.flush()
        Backup.open(Path(file.name))


ACTS: list[tuple[str, str, Callable[[], Any]]] = [
    ("NameDiffers", "name", lambda: confirm_name(RequestFactory().post("/", {"name": "blog-2"}), "blog-1")),
    ("NoneChosen", "instance", lambda: begin_several(actor=person("user"), operation=Operation.STOP, cluster_ids=[])),
    ("SettingUnknown", "nothing", lambda: set_rules(actor=person("global_admin"), values={"nothing": 1})),
    ("NotABackup", "", no_backup),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "field", "act"), ACTS, ids=[name for name, *_rest in ACTS])
def test_a_refusal_that_no_other_test_tries(name: str, field: str, act: Callable[[], Any]) -> None:
    with pytest.raises(refusals()[name]) as refused:
        act()
    assert refused.value.field == field
    assert "%(" not in refused.value.message


@pytest.mark.django_db
def test_choosing_nothing_is_refused_on_the_page_and_over_the_api() -> None:
    page = administrator().post("/workbench/categories/adjust", {"category": "ctg-databases"})  # NothingChosen
    assert page.status_code == 422
    sent = json.dumps({"name": "harbour", "zone": "shop", "content": " "})
    told = program().post("/api/v1/environments", sent, content_type="application/json")
    assert (told.status_code, told.json()["code"], told.json()["errors"][0]["field"]) == (422, "credential_missing", "content")
    assert not Environment.objects.exists()


def test_every_one_is_tried() -> None:
    tried = "\n".join(path.read_text() for folder in (SOURCE, ROOT / "tests") for path in folder.rglob("test_*.py"))
    untried = [
        name for name, kind in sorted(refusals().items()) if kind is not Invalid and name not in tried and f'"{kind.code}"' not in tried
    ]
    assert not untried, untried
