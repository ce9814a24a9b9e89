"""Rendering: what comes out, what hostile templates cannot do."""

import resource

import pytest

from roadstead import helm
from roadstead.helm.factories import CHART, archive, chart
from roadstead.helm.process import Bounds
from roadstead.helm.throwaway import ThrowAwayHelm

pytestmark = pytest.mark.usefixtures("way")
MIB = 1024 * 1024
LOOP = "{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}{{ end }}{{ end }}"
OUTSIDE = (
    'a: {{ getHostByName "localhost" | quote }}\nb: {{ len (lookup "v1" "Secret" "" "") }}\nc: {{ .Files.Get "/etc/passwd" | quote }}\n'
)


def render(packed: bytes, *, values: str = "", deadline: float = 60) -> helm.Rendered:
    return helm.render(packed, name="one", namespace="place", values=values, deadline=deadline)


def test_a_chart_becomes_manifests_notes_and_definitions() -> None:
    files = {**CHART, "templates/NOTES.txt": "Hello {{ .Release.Namespace }}", "crds/thing.yaml": "kind: CustomResourceDefinition\n"}
    rendered = render(archive(files), values="replicas: 3\n")
    assert [file.path for file in rendered.files] == ["demo/templates/config.yaml"]
    assert [file.path for file in rendered.crds] == ["demo/crds/thing.yaml"]
    assert rendered.notes == "Hello place"
    assert rendered.manifests.index("CustomResourceDefinition") < rendered.manifests.index('data: {n: "3"}')
    assert "# Source: demo/templates/config.yaml\n" in rendered.manifests


def test_the_same_chart_renders_the_same_again() -> None:
    assert render(chart(b="b: 1", a="a: 1")) == render(chart(a="a: 1", b="b: 1"))


def test_a_template_reaches_nothing_outside() -> None:
    rendered = render(chart(outside=OUTSIDE))
    assert rendered.network_isolated
    assert 'a: ""\nb: 0\nc: ""' in rendered.manifests


@pytest.mark.parametrize(
    ("packed", "values", "kind", "words"),
    [
        (chart(x="{{ .Values.a.b }}"), "", "render", "demo/templates/x.yaml:1:10"),
        (chart(x="{{ if }}"), "", "render", "demo/templates/x.yaml:1"),
        (chart(x='{{ fail "not so" }}'), "", "render", "not so"),
        (chart(), "replicas: [", "values", "did not find"),
        (chart(), "- a list", "values", ""),
        (archive({**CHART, "values.schema.json": '{"required": ["host"]}'}), "", "values", "host"),
        (archive({**CHART, "Chart.yaml": "apiVersion: v2\nname: a/b\nversion: 1.0.0\n"}), "", "invalid", "is invalid"),
        (b"not a chart", "", "invalid", ""),
        (b"", "", "invalid", ""),
    ],
    ids=["nil", "syntax", "fail", "values-yaml", "values-list", "schema", "name", "no-archive", "nothing"],
)
def test_what_does_not_render_says_why(packed: bytes, values: str, kind: str, words: str) -> None:
    with pytest.raises(helm.HelmFailure) as raised:
        render(packed, values=values)
    assert (raised.value.kind, words in raised.value.text) == (kind, True)


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}', "render"),
        ('{{ repeat 1000000000 "a" }}', "memory"),
        ("{{ range until 1000000000 }}{{ end }}", "memory or timeout"),  # what is met first depends on the machine
        ('a: {{ repeat 10000000 "a" }}', "output"),
        (LOOP, "timeout"),
    ],
    ids=["recursion", "repeat", "range", "output", "endless"],
)
def test_a_bomb_ends_and_the_server_keeps_its_memory(template: str, kind: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(helm.HelmFailure) as raised:
        render(chart(bomb=template), deadline=4 if kind == "timeout" else 60)
    assert raised.value.kind in kind.split(" or ")
    assert len(raised.value.text) < 5_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def test_bounds_are_those_of_the_caller() -> None:
    small = ThrowAwayHelm(Bounds(output_bytes=100), helm.HELM.command)
    with pytest.raises(helm.HelmFailure, match="output"):
        small.render(chart(x=f"a: {'b' * 100}"), name="one", namespace="place", deadline=60)
