"""Charts that are wrong only once they are rendered."""

import pytest

from roadstead import helm
from roadstead.packaging import manifests, services
from roadstead.packaging.factories import CHART, chart, tgz
from roadstead.packaging.tests.saying import Case

DB = {"Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n", "templates/a.yaml": "a: {{ .Values.x.y }}\n"}
NIL = "x: 1\nb: {{ .Values.none.more }}\n"


def rendered(name: str, template: str, code: str, place: tuple[str, str], said: tuple[str, str]) -> Case:
    return Case(name, lambda: chart({"templates/x.yaml": template}), code, *place, *said)


CASES = [
    rendered(
        "fail",
        '\n{{ fail "set a host" }}',
        "render_failed",
        ("templates/x.yaml", "2"),
        (
            "The template fails with the default values: execution error at (demo/templates/x.yaml:2:3): set a host",
            "使用默认值渲染模板失败：execution error at (demo/templates/x.yaml:2:3): set a host",
        ),
    ),
    rendered(
        "no YAML",
        "a: b\nc: [\n",
        "manifest_yaml",
        ("templates/x.yaml", ""),
        (
            "With the default values, the rendered text isn't valid YAML in line 3: did not find expected node content.",
            "使用默认值渲染出的文本在第 3 行不是有效的 YAML：did not find expected node content。",
        ),
    ),
    rendered(
        "no kind",
        "apiVersion: v1\nmetadata: {name: a}\n",
        "manifest_incomplete",
        ("templates/x.yaml", ""),
        ("A rendered object has no apiVersion or no kind.", "渲染出的对象缺少 apiVersion 或 kind。"),
    ),
    rendered(
        "memory",
        '{{ repeat 1000000000 "a" }}',
        "render_memory",
        ("", ""),
        ("Rendering took more memory than allowed and was stopped.", "渲染占用的内存超过限制，已被停止。"),
    ),
    rendered(
        "output",
        'a: {{ repeat 10000000 "a" }}',
        "render_output",
        ("", ""),
        ("The rendered manifests are larger than 8 MiB.", "渲染出的清单超过 8 MiB。"),
    ),
    Case(
        "not loaded",
        lambda: chart({"charts/README.md": "Charts lie here."}),
        "render_refused",
        "",
        "",
        "Helm can't load the chart: error unpacking subchart README.md in demo: Chart.yaml file is missing",
        "Helm 无法加载这个 Chart：error unpacking subchart README.md in demo: Chart.yaml file is missing",
    ),
]
FAILURES = [
    ("timeout", "render_timeout", "Rendering didn't end within 20 seconds and was stopped.", "渲染在 20 秒内没有结束，已被停止。"),
    (
        "crashed",
        "render_crashed",
        "Helm ended without an answer, so the templates couldn't be checked: x",
        "Helm 没有给出结果就退出了，因此未能检查模板：x",
    ),
    ("values", "render_values", "Helm refuses the default values: x", "Helm 不接受默认值：x"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_chart_that_does_not_render_is_refused(case: Case) -> None:
    case.holds(services.check(case.data()).problems)


@pytest.mark.parametrize(("kind", "code", "english", "chinese"), FAILURES)
def test_what_helm_cannot_do_is_told(
    monkeypatch: pytest.MonkeyPatch, kind: helm.FailureKind, code: str, english: str, chinese: str
) -> None:
    def fails(*_args: object, **_options: object) -> helm.Rendered:
        raise helm.HelmFailure(kind, "x")

    monkeypatch.setattr(helm, "render", fails)
    file = "values.yaml" if kind == "values" else ""
    Case(kind, bytes, code, file, "", english, chinese).holds(manifests.render(b"").problems)


def test_a_template_of_a_chart_inside_is_named() -> None:
    [problem] = services.check(chart({"charts/db-1.0.0.tgz": tgz(DB, "db")})).problems
    assert (problem.code, problem.file, problem.where) == ("render_failed", "charts/db/templates/a.yaml", "1")


def test_problems_of_files_and_of_templates_are_told_together() -> None:
    files = {"Chart.yaml": CHART["Chart.yaml"] + "dependencies: [{name: db, version: 1.0.0}]\n", "templates/x.yaml": NIL}
    codes = [(problem.code, problem.where) for problem in services.check(chart(files)).problems]
    assert codes == [("dependency_missing", "dependencies[0]"), ("render_failed", "2")]


def test_what_the_schema_says_is_not_said_again_by_helm() -> None:
    report = services.check(chart({"values.schema.json": '{"required": ["host"]}'}))
    assert [problem.code for problem in report.problems] == ["value_required"]
