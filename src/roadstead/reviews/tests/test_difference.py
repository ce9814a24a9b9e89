"""The difference from the last listed version, and the automatic checks, as the review page shows them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from roadstead.accounts.models import User
from roadstead.audit.selectors import events_of
from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog.track import Status
from roadstead.packaging.factories import Files
from roadstead.reviews import services
from roadstead.reviews.difference import base_of
from roadstead.reviews.errors import NotYoursToDecide
from roadstead.reviews.factories import Cast, cast, packaged, submission, update
from roadstead.reviews.models import Evidence, Submission
from roadstead.reviews.selectors import evidence_rows

Told = tuple[str, Files]
pytestmark = pytest.mark.django_db

SERVICE = (
    "---\n# Source: demo/templates/service.yaml\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: %s\n  ports: [%s]\n"
)
BEFORE: Told = (SERVICE % ("ClusterIP", "{port: 80}"), {"old.yaml": "gone: 1\n"})
AFTER: Told = (
    SERVICE % ("NodePort", "{port: 80, nodePort: 30080}"),
    {"values.yaml": "replicas: 1\nnodePort: 30080\n", "templates/pdb.yaml": "# new\n", "logo.png": b"\x89PNG\xff"},
)


@pytest.fixture
def people() -> Cast:
    return cast()


def page(made: Submission, actor: User, query: str, language: str = "en") -> str:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(actor)
    answer = client.get(f"/workbench/reviews/{made.pk}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_tree_marks_what_changed_and_the_tab_counts_it(people: Cast) -> None:
    made = update(people, before=BEFORE, after=AFTER)
    text = page(made, people.head, "tab=files")
    assert 'Difference from 1.0.0 <span class="rs-count">4</span>' in text
    assert text.count('data-mark="A"') == 2
    assert text.count('data-mark="M"') == 1
    assert page(made, people.head, "tab=difference").count('data-mark="D"') == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tab=difference", ["NodePort", "30080", "ClusterIP becomes NodePort", "Fixed node ports"]),
        ("tab=difference&file=values.yaml", ['<li class="added" data-n="2">+ ', '<li data-n="1">  ']),
        ("tab=difference&file=old.yaml", ['<li class="removed" data-n="1">− ']),
        ("tab=difference&file=logo.png", ["isn't text"]),
        ("tab=difference&show=rendered", ['class="removed"', 'class="added"', "manifests.yaml"]),
        ("tab=difference&file=nobody/knows", ["values.yaml"]),
        ("tab=files&file=logo.png", ["isn't text"]),
        ("tab=files&file=values.yaml", ['<li id="L2" class="warned">', "tab=difference&amp;file=values.yaml"]),
        ("tab=files&show=rendered", ["manifests.yaml"]),
    ],
)
def test_differences_are_read_file_by_file_and_in_words(people: Cast, query: str, expected: list[str]) -> None:
    text = page(update(people, before=BEFORE, after=AFTER), people.head, query)
    for words in expected:
        assert words in text


def test_nothing_listed_before_and_nothing_changed_are_said(people: Cast) -> None:
    first = submission(people)
    assert "No version of this delivery type was in the store before" in page(first, people.head, "tab=difference")
    same = update(people, before=BEFORE, after=BEFORE)
    text = page(same, people.head, "tab=difference")
    assert "The files are the same, byte for byte." in text
    assert "both versions make the same" in text


def test_unknown_is_never_shown_as_unchanged(people: Cast) -> None:
    made = update(people, before=BEFORE, after=AFTER)
    base = base_of(made.version)
    assert base is not None
    base.package = blobs.put(b"no package")
    base.save()
    text = page(made, people.head, "tab=difference")
    assert "The difference isn't known." in text
    assert "rs-count" not in text.partition("Difference from")[2].partition("</a>")[0]


def test_the_base_is_the_listed_version_before_this_one(people: Cast) -> None:
    app = catalog.app(people.developer)
    made = {name: packaged(app, status, name=name) for name, status in STATES.items()}
    found = {name: base.name if (base := base_of(version)) else "" for name, version in made.items()}
    assert found == {"0.9.0": "1.2.0", "1.0.0": "1.2.0", "1.1.0": "1.0.0", "1.2.0": "1.0.0", "1.3.0": "1.2.0", "2.0.0": "1.2.0"}


STATES = {
    "0.9.0": Status.DRAFT,
    "1.0.0": Status.SUSPENDED,
    "1.1.0": Status.REJECTED,
    "1.2.0": Status.ACTIVE,
    "1.3.0": Status.PASSED,
    "2.0.0": Status.DRAFT,
}


def test_checks_of_the_objects_name_their_lines(people: Cast) -> None:
    made = update(people, before=BEFORE, after=AFTER)
    results = {row.code: (row.result, [(one["file"], one["line"]) for one in row.params.get("places", ())]) for row in made.evidence.all()}
    assert results["node-ports"] == ("warning", [("values.yaml", 2)])
    assert {code: results[code][0] for code in ("host-access", "limits", "probes", "cluster-scope")} == dict.fromkeys(
        ("host-access", "limits", "probes", "cluster-scope"), "passed"
    )
    assert 'href="?tab=files&amp;file=values.yaml#L2"' in page(made, people.head, "tab=information")


def test_a_check_that_cannot_run_says_so(people: Cast) -> None:
    made = submission(people)  # its package is a few bytes
    assert {row.result for row in made.evidence.filter(code__in=["limits", "probes", "host-access"])} == {"not-run"}
    assert "未运行" in page(made, people.head, "tab=information", "zh-hans")


def test_checks_run_again_and_keep_what_was_found(people: Cast) -> None:
    made = update(people, before=BEFORE, after=AFTER)
    count = made.evidence.count()
    given: dict[str, Any] = {"submission_id": made.pk}
    with pytest.raises(NotYoursToDecide):
        services.recheck(actor=people.developer, **given)
    assert made.evidence.count() == count
    services.recheck(actor=people.head, **given)
    assert made.evidence.count() == 2 * count
    assert {row.recorded_by for row in evidence_rows(made)} == {people.head}
    assert "review.checked" in {event.verb for event in events_of("reviews.Submission", made.pk)}
    assert Evidence.objects.filter(submission=made, code="node-ports").count() == 2


def test_every_tab_keeps_to_its_queries(people: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    made = update(people, before=BEFORE, after=AFTER)
    client = Client()
    client.force_login(people.head)
    for tab in ("information", "instructions", "provider", "files", "difference", "changes"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/workbench/reviews/{made.pk}?tab={tab}").status_code == 200
