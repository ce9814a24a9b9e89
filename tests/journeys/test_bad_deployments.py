"""A bad deployment is refused at its field in both languages, before a job exists; a release of somebody else is never touched."""

from typing import NamedTuple

import pytest

from roadstead import helm
from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.tests.walking import walk
from roadstead.helm.factories import CHART, archive
from roadstead.packaging.factories import chart
from roadstead.runtimes.models import Environment
from tests.journeys.leftovers import Berth, berth, nothing_left_behind, scratch
from tests.journeys.visitors import LANGUAGES, Visitor

__all__ = ["berth", "scratch"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scratch")]
SCHEMA = '{"type": "object", "properties": {"replicas": {"type": "integer", "maximum": 9}}}'


@pytest.fixture(params=LANGUAGES)
def user(request: pytest.FixtureRequest) -> Visitor:
    return Visitor(person("user"), request.param)


@pytest.fixture
def listed() -> Version:
    return version(Status.ACTIVE, package=blobs.put(chart({"values.schema.json": SCHEMA})))


class Wrong(NamedTuple):
    """A change of a good deployment, and what is said about it: status, field, words, and problems as (place, English, Chinese)."""

    changed: dict[str, str]
    status: int
    field: str
    english: str
    chinese: str
    problems: tuple[tuple[str, str, str], ...] = ()


NAME = (
    "A name has 1–53 characters: lower-case letters, digits and hyphens, a letter first, no hyphen at the end.",
    "名称为 1–53 个小写字母、数字或连字符，以字母开头，不以连字符结尾。",
)
VALUES = ("The parameters need corrections. What is wrong is listed below them.", "参数需要修改，问题列在下方。")
TYPE = ("values.yaml · replicas", "Expected integer, found string.", "应当是 integer，实际是 string。")
RANGE = ("values.yaml · replicas", "10 is outside of the range: ≤ 9.", "10 超出范围：≤ 9。")
SYNTAX = (
    "values.yaml · 3",
    "This isn't valid YAML: did not find expected node content.",
    "不是有效的 YAML：did not find expected node content。",
)
TWICE = ("values.yaml · 2", "The key “replicas” occurs twice. Remove one.", "键“replicas”出现了两次，请删去一个。")
LIST = ("values.yaml", "Expected a mapping of names to values.", "这里应当是名称到值的映射。")
TAKEN = (
    "There is an instance named “taken” in this environment already. Choose another name, or cease the old one.",
    "这个环境里已有名为“taken”的实例。换一个名称，或先销毁原来的实例。",
)
ELSEWHERE = ("Choose one of the environments shown here.", "从这里显示的环境中选择一个。")
WRONG = [
    Wrong({"name": "taken"}, 409, "name", *TAKEN),
    *(Wrong({"name": name}, 422, "name", *NAME) for name in ("", "My Blog", "1st", "blog-", "a.b", "博客", "a" * 54)),
    Wrong({"values": "replicas: many\n"}, 422, "values", *VALUES, (TYPE,)),
    Wrong({"values": "replicas: 10\n"}, 422, "values", *VALUES, (RANGE,)),
    Wrong({"values": "replicas: 1\nargs: [a,\n"}, 422, "values", *VALUES, (SYNTAX,)),
    Wrong({"values": "replicas: 1\nreplicas: 2\n"}, 422, "values", *VALUES, (TWICE,)),
    Wrong({"values": "- replicas\n"}, 422, "values", *VALUES, (LIST,)),
    Wrong({"environment": "runtime-aaaaaaaaaaaaaaaa"}, 422, "environment", *ELSEWHERE),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong.changed)[:40])
def test_a_refused_deployment_makes_no_job(user: Visitor, listed: Version, wrong: Wrong) -> None:
    place = environment(user.person)
    cluster(owner=user.person, version=listed, place=place, name="taken")
    good = {"environment": place.pk, "name": "blog", "values": "replicas: 2\n", "on_failure": "keep"}
    with nothing_left_behind():
        status, said = user.refused(f"/workbench/deploy/{listed.pk}", {**good, **wrong.changed})
    assert (status, said.fields) == (wrong.status, {wrong.field: user.says(wrong.english, wrong.chinese)})
    assert said.problems == [(place, user.says(english, chinese)) for place, english, chinese in wrong.problems]


@pytest.mark.parametrize("whose", ["for testing", "somebody else's"])
def test_an_environment_of_another_purpose_or_person_is_not_offered(user: Visitor, listed: Version, whose: str) -> None:
    elsewhere = environment(user.person, debug=True) if whose == "for testing" else environment(person("user"))
    environment(user.person)
    with nothing_left_behind():
        wished = {"environment": elsewhere.pk, "name": "blog", "values": "", "on_failure": "keep"}
        status, said = user.refused(f"/workbench/deploy/{listed.pk}", wished)
    assert (status, said.fields) == (422, {"environment": user.says(*ELSEWHERE)})


def test_a_release_of_somebody_else_is_not_touched(user: Visitor, listed: Version, berth: Berth) -> None:
    kubeconfig, zone = berth.cluster.kubeconfig, f"{berth.prefix}own"
    wish = {"provider": "kubernetes", "content": kubeconfig, "zone": zone, "name": "Staging"}
    assert user.post("/workbench/environments/new", wish)[0] == 302
    helm.install(kubeconfig, archive(CHART), name="blog", namespace=zone, deadline=60)
    before = berth.holds()
    wished = {"environment": Environment.objects.get(zone=zone).pk, "name": "blog", "values": "", "on_failure": "clean_up"}
    assert user.post(f"/workbench/deploy/{listed.pk}", wished)[0] == 302
    made = Cluster.objects.get()
    assert walk(made).status == "failed"
    assert berth.holds() == before
    _status, page = user.get(f"/workbench/instances/{made.pk}")
    told = f"There is a release blog in the namespace {zone} already that Roadstead didn&#x27;t make for this instance."
    assert user.says(told, f"命名空间 {zone} 中已有发布 blog，它不属于这个实例。换一个名称。") in page
