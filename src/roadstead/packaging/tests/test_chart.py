"""Charts that are wrong as files: nothing of these needs to be rendered to be known."""

import hashlib
import json

import pytest

from roadstead.packaging import services
from roadstead.packaging.factories import CHART, chart, tgz
from roadstead.packaging.tests.saying import Case

GOOD = CHART["Chart.yaml"]
SUBCHART = {"Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n"}
NEEDS_DB = GOOD + "dependencies:\n- name: db\n  version: 1.0.0\n  repository: https://charts.example\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
)

MISSING = ("The file isn't in the package.", "应用包里没有这个文件。")
NO_DB = (
    "The dependency “db” isn't in charts/. Run “helm dependency update” and pack again; nothing is downloaded.",
    "依赖“db”不在 charts/ 里。这里不会下载任何内容，请运行“helm dependency update”后重新打包。",
)
NOT_TEXT = ("The field must be text. Put its value in quotes.", "这个字段应当是文本，请给值加上引号。")
NO_MAPPING = ("Expected a mapping of names to values.", "这里应当是名称到值的映射。")
ALIASES = ("With its aliases written out, this YAML has more than 100000 values.", "展开别名后，这份 YAML 的值超过 100000 个。")
DEEP = ("The content is nested more than 100 levels deep.", "内容嵌套超过 100 层。")
REMOTE = (
    "The schema refers to “%s” outside of this file. Nothing is fetched: copy it into the schema.",
    "Schema 引用了本文件之外的“%s”。这里不会获取任何外部内容，请把它复制进来。",
)
PATTERN = (
    "The pattern “%s” can't be used. Look-around and back-references aren't supported.",
    "不能使用正则表达式“%s”，不支持环视和反向引用。",
)


def yaml(text: str) -> dict[str, str | bytes | None]:
    return {"Chart.yaml": text}


def named(name: str, version: str = "0.1.0") -> dict[str, str | bytes | None]:
    return yaml(f"apiVersion: v2\nname: {name}\nversion: {version}\n")


def schema(content: object) -> dict[str, str | bytes | None]:
    return {"values.schema.json": content if isinstance(content, str) else json.dumps(content)}


def nested(levels: int) -> bytes:
    inner = tgz({**SUBCHART}, "db")
    for _ in range(levels):
        inner = tgz({**SUBCHART, "charts/db-1.0.0.tgz": inner}, "db")
    return inner


def case(name: str, changes: dict[str, str | bytes | None], code: str, place: tuple[str, str], said: tuple[str, str]) -> Case:
    return Case(name, lambda: chart(changes), code, *place, *said)


FOUND_NOTHING = (
    "Neither Chart.yaml (Helm) nor package.json (VM) is in the top folder.",
    "顶层文件夹里既没有 Chart.yaml（Helm），也没有 package.json（虚拟机）。",
)
MISPLACED = (
    "Chart.yaml lies here, but must be directly in the top folder. Pack the chart's own folder.",
    "Chart.yaml 在这里，但应当直接放在顶层文件夹里，请打包 Chart 自己的文件夹。",
)
TWICE = ("The key “a” occurs twice. Remove one.", "键“a”出现了两次，请删去一个。")

PACKAGES = [
    Case("no package", lambda: tgz({"README.md": ""}), "package_unknown", "up.tgz", "", *FOUND_NOTHING),
    Case("one folder too many", lambda: tgz({"demo/Chart.yaml": GOOD}), "chart_misplaced", "demo/Chart.yaml", "", *MISPLACED),
    Case("VM in part", lambda: tgz({"package.json": "{}"}), "file_missing", "config.json", "", *MISSING),
    case("values missing", {"values.yaml": None}, "file_missing", ("values.yaml", ""), MISSING),
]
TEXTS = [
    case("no UTF-8", {"values.yaml": b"a: \xff"}, "not_utf8", ("values.yaml", ""), ("The file isn't UTF-8 text.", "文件不是 UTF-8 文本。")),
    case(
        "broken YAML",
        {"values.yaml": "a: 1\n b: 2\n"},
        "yaml_syntax",
        ("values.yaml", "2"),
        (
            "This isn't valid YAML: mapping values are not allowed in this context.",
            "不是有效的 YAML：mapping values are not allowed in this context。",
        ),
    ),
    case("key twice", {"values.yaml": "b: 0\na: 1\na: 2\n"}, "duplicate_key", ("values.yaml", "3"), TWICE),
    case("key twice in JSON", schema('{"a": 1, "a": 2}'), "duplicate_key", ("values.schema.json", ""), TWICE),
    case("alias bomb", {"values.yaml": BOMB}, "yaml_aliases", ("values.yaml", "6"), ALIASES),
    case("alias without end", {"values.yaml": "a: &a [*a]\n"}, "yaml_aliases", ("values.yaml", "1"), ALIASES),
    case("deep YAML", {"values.yaml": "a: " + "[" * 200 + "]" * 200}, "document_too_deep", ("values.yaml", "1"), DEEP),
    case("deep JSON", schema("[" * 5_000 + "]" * 5_000), "document_too_deep", ("values.schema.json", ""), DEEP),
    case(
        "large YAML",
        {"values.yaml": "".join(f"k{number}: {number * 7919}\n" for number in range(80_000))},
        "document_too_large",
        ("values.yaml", ""),
        ("The file is too large to be read: more than 1024 KiB.", "文件太大，无法读取：超过 1024 KiB。"),
    ),
    case("list for values", {"values.yaml": "- a\n"}, "not_a_mapping", ("values.yaml", ""), NO_MAPPING),
    case(
        "broken JSON",
        schema('{\n"a" 1}'),
        "json_syntax",
        ("values.schema.json", "2"),
        ("This isn't valid JSON: Expecting ':' delimiter.", "不是有效的 JSON：Expecting ':' delimiter。"),
    ),
]
CHARTS = [
    case(
        "generation",
        yaml("apiVersion: v3\nname: a\nversion: 1.0.0"),
        "chart_api_version",
        ("Chart.yaml", "apiVersion"),
        ("apiVersion must be v1 or v2, not “v3”.", "apiVersion 应当是 v1 或 v2，而不是“v3”。"),
    ),
    case("no name", named("''"), "chart_name_empty", ("Chart.yaml", "name"), ("The chart's name is empty.", "Chart 的名称为空。")),
    case(
        "bad name",
        named("a/b"),
        "chart_name_invalid",
        ("Chart.yaml", "name"),
        (
            "The chart's name “a/b” may only have letters, digits, “.”, “_” and “-”.",
            "Chart 的名称“a/b”只能含有字母、数字、“.”、“_”和“-”。",
        ),
    ),
    case(
        "bad version",
        named("a", "1.x"),
        "chart_version_invalid",
        ("Chart.yaml", "version"),
        ("The version “1.x” isn't a semantic version such as 1.2.3.", "版本“1.x”不是 1.2.3 这样的语义化版本。"),
    ),
    case("number for text", yaml(GOOD + "appVersion: 1.10\n"), "chart_field_not_text", ("Chart.yaml", "appVersion"), NOT_TEXT),
    case(
        "text for list",
        yaml(GOOD + "keywords: web\n"),
        "chart_field_not_list",
        ("Chart.yaml", "keywords"),
        ("The field must be a list.", "这个字段应当是列表。"),
    ),
    case(
        "library",
        yaml(GOOD + "type: library\n"),
        "chart_library",
        ("Chart.yaml", "type"),
        ("A library chart can't be installed. Set type to application.", "library 类型的 Chart 不能安装，请把 type 设为 application。"),
    ),
    case(
        "TOML",
        {"values.toml": ""},
        "values_toml",
        ("values.toml", ""),
        ("values.toml is no longer understood. Use values.yaml.", "values.toml 已不再支持，请改用 values.yaml。"),
    ),
    case("dependency", yaml(NEEDS_DB), "dependency_missing", ("Chart.yaml", "dependencies[0]"), NO_DB),
    case(
        "dependency of v1",
        {"Chart.yaml": GOOD.replace("v2", "v1"), "requirements.yaml": "dependencies: [{name: db}]"},
        "dependency_missing",
        ("requirements.yaml", "dependencies[0]"),
        NO_DB,
    ),
    case(
        "dependency without name",
        yaml(GOOD + "dependencies: [{version: 1.0.0}]\n"),
        "dependency_unnamed",
        ("Chart.yaml", "dependencies[0]"),
        ("The dependency has no name.", "这个依赖没有名称。"),
    ),
    case(
        "charts in charts",
        {"charts/db-1.0.0.tgz": nested(7)},
        "subcharts_too_deep",
        ("charts/db-1.0.0.tgz" + "/charts/db-1.0.0.tgz" * 5, ""),
        ("Charts lie in charts more than 5 levels deep.", "Chart 嵌套超过 5 层。"),
    ),
    case(
        "large file",
        {"files/big": hashlib.shake_128().digest(6 * 1024 * 1024)},
        "file_too_large",
        ("files/big", ""),
        ("The file is larger than 5 MiB; Helm doesn't load it.", "文件超过 5 MiB，Helm 不会加载。"),
    ),
]
SCHEMAS = [
    case(
        "remote",
        schema({"$ref": "http://x.example/a"}),
        "schema_remote_ref",
        ("values.schema.json", "$ref"),
        (REMOTE[0] % "http://x.example/a", REMOTE[1] % "http://x.example/a"),
    ),
    case(
        "file",
        schema({"properties": {"$ref": {"$ref": "file:///etc/passwd"}}}),
        "schema_remote_ref",
        ("values.schema.json", "properties.$ref.$ref"),
        (REMOTE[0] % "file:///etc/passwd", REMOTE[1] % "file:///etc/passwd"),
    ),
    case(
        "remote in a chart inside",
        {"charts/db-1.0.0.tgz": tgz({**SUBCHART, "values.schema.json": '{"$ref": "http://x.example/a"}'}, "db")},
        "schema_remote_ref",
        ("charts/db-1.0.0.tgz/values.schema.json", "$ref"),
        (REMOTE[0] % "http://x.example/a", REMOTE[1] % "http://x.example/a"),
    ),
    case(
        "draft",
        schema({"$schema": "http://x.example/draft"}),
        "schema_unknown",
        ("values.schema.json", "$schema"),
        ("“http://x.example/draft” isn't a known version of JSON Schema.", "“http://x.example/draft”不是已知的 JSON Schema 版本。"),
    ),
    case(
        "pattern",
        schema({"properties": {"a": {"pattern": "(?=a)b"}}}),
        "schema_pattern",
        ("values.schema.json", "properties.a.pattern"),
        (PATTERN[0] % "(?=a)b", PATTERN[1] % "(?=a)b"),
    ),
    case(
        "patterns of names",
        schema({"patternProperties": {"(a)\\1": {}}}),
        "schema_pattern",
        ("values.schema.json", "patternProperties"),
        (PATTERN[0] % "(a)\\1", PATTERN[1] % "(a)\\1"),
    ),
    case(
        "no schema",
        schema({"type": "tree"}),
        "schema_invalid",
        ("values.schema.json", "type"),
        (
            "This isn't a valid JSON Schema: 'tree' is not valid under any of the given schemas",
            "不是有效的 JSON Schema：'tree' is not valid under any of the given schemas",
        ),
    ),
]
CASES = [*PACKAGES, *TEXTS, *CHARTS, *SCHEMAS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_package_is_refused(case: Case) -> None:
    report = services.check(case.data(), filename="up.tgz")
    case.holds(report.problems)
    assert not report.ok


def test_everything_wrong_is_told_at_once() -> None:
    changes = {
        "Chart.yaml": "apiVersion: v9\nversion: x\nappVersion: 2\n",
        "values.yaml": "a: 1\na: 2\n",
        "values.toml": "",
        "values.schema.json": "[",
    }
    codes = [problem.code for problem in services.check(chart(changes)).problems]
    assert codes == [
        "chart_api_version",
        "chart_field_not_text",
        "chart_name_empty",
        "chart_version_invalid",
        "values_toml",
        "duplicate_key",
        "json_syntax",
    ]
