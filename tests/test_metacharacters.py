"""Promise I10: what people type stays data. A canary command in every field that reaches a command, a file name or a kubeconfig: none runs.

That no code hands a string to a shell is ruff's affair (S602, S604, S605); that it stays so, the first test's.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadstead import helm
from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.clusters import services as instances
from roadstead.clusters.errors import NameRefused
from roadstead.clusters.models import Cluster
from roadstead.helm.factories import chart
from roadstead.packaging.factories import chart as package
from roadstead.packaging.services import check as check_package
from roadstead.providers.kubernetes.kubeconfig import Kubeconfig, check
from roadstead.providers.kubernetes.namespaces import check_name

ROOT = Path(__file__).parents[1]
BANNED = {"S602", "S604", "S605", "S607"}
FORMS = (
    "$(touch {0})",
    "`touch {0}`",
    "; touch {0} ;",
    "| touch {0}",
    "&& touch {0}",
    "\n touch {0}\n",
    "' ; touch {0} ; '",
    '" ; touch {0} ; "',
    "{{{{ include {0} }}}}",
    "--post-renderer={0}",
    "-o{0}",
    "../../{0}",
    "{0}\0",
    "%0atouch {0}",
    "${{IFS}}touch${{IFS}}{0}",
)


@pytest.fixture(params=FORMS)
def payload(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A text that would leave a file behind if anything ran it; looked for at the end."""
    canary = tmp_path / "canary"
    yield request.param.format(canary)
    assert not canary.exists()


def test_no_code_of_ours_may_use_a_shell() -> None:
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert ruff["select"] == ["ALL"]
    assert not BANNED & set(ruff["ignore"])
    waived = {rule for place, rules in ruff["per-file-ignores"].items() if not place.startswith("scripts") for rule in rules}
    assert not BANNED & waived
    ours = [*(ROOT / "src").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
    shells = ("shell=" + "True", "os." + "system(")
    assert not [str(file) for file in ours if "tests" not in file.parts and any(word in file.read_text() for word in shells)]


@pytest.mark.django_db
def test_a_name_with_a_command_is_refused(payload: str) -> None:
    owner = person("user")
    place = clusters.environment(owner)
    version = catalog.version(Status.ACTIVE, package=blobs.put(package()))
    before = Event.objects.count()
    with pytest.raises(NameRefused):
        instances.create(actor=owner, version_id=version.pk, environment_id=place.pk, name=payload, values="")
    assert (Cluster.objects.count(), Event.objects.count()) == (0, before)


def test_a_namespace_with_a_command_is_refused(payload: str) -> None:
    assert [problem.code for problem in check_name(payload)] == ["namespace_not_match_with_regex"]


def test_values_arrive_as_they_were_typed(payload: str) -> None:
    typed = payload.replace("\0", "")
    values = yaml.safe_dump({"typed": typed})
    rendered = helm.render(chart(x="a: {{ .Values.typed | toJson }}"), name="one", namespace="place", values=values, deadline=60)
    line = next(line for line in rendered.manifests.splitlines() if line.startswith("a: "))
    assert json.loads(line.removeprefix("a: ")) == typed


def test_a_token_with_a_command_is_a_token_or_nothing(payload: str) -> None:
    user = {"name": "u", "user": {"token": payload}}
    cluster = {"name": "c", "cluster": {"server": "https://10.1.2.3"}}
    context = {"name": "x", "context": {"cluster": "c", "user": "u"}}
    report = check(yaml.safe_dump({"clusters": [cluster], "users": [user], "contexts": [context], "current-context": "x"}))
    if report.ok:
        again = yaml.safe_load(Kubeconfig.stored(report.credential).as_text("shop"))
        assert again["users"][0]["user"] == {"token": payload}


def test_a_file_with_a_command_for_a_name_is_a_file_or_nothing(payload: str) -> None:
    report = check_package(package({payload: "text"}), filename=f"{payload}.tgz")
    paths = [file.path for file in report.files]
    assert all(".." not in path.split("/") and not path.startswith("/") for path in paths)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(alphabet=st.sampled_from("ab-.9 \t\n\0'\"`$;|&<>(){}[]*?!~\\/%=é中"), min_size=1, max_size=60))
def test_a_namespace_is_a_label_or_refused(name: str) -> None:
    plain = all(sign in "abcdefghijklmnopqrstuvwxyz0123456789-" for sign in name) and name[0] != "-" != name[-1]
    assert bool(check_name(name)) == (not plain)
