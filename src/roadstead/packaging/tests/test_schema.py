"""Values against a schema, and what a hostile schema cannot do."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from roadstead.packaging import schema, services
from roadstead.packaging.factories import chart
from roadstead.packaging.tests.saying import Case

COSTLY_SAID = ("The schema takes too much work to check. Make it simpler.", "检查这份 Schema 的工作量太大，请简化。")
COSTLY = Case("costly", bytes, "schema_too_costly", "f", "", *COSTLY_SAID)
HOSTILE_LETTERS = "a" * 40 + "!"


def says(rules: dict[str, Any], value: Any, code: str, said: tuple[str, str], where: str = "a") -> tuple[Case, Any, Any]:
    wanted = {"type": "object", "properties": {"a": rules}}
    return Case(f"{next(iter(rules))} {code}", bytes, code, "values.yaml", where, *said), wanted, {"a": value}


CASES = [
    says({"required": ["b's"]}, {}, "value_required", ("“b's” is required.", "缺少必填项“b's”。")),
    says(
        {"type": ["integer", "null"]},
        "x",
        "value_type",
        ("Expected integer / null, found string.", "应当是 integer / null，实际是 string。"),
    ),
    says(
        {"items": {"type": "string"}},
        ["x", True],
        "value_type",
        ("Expected string, found boolean.", "应当是 string，实际是 boolean。"),
        "a[1]",
    ),
    says({"additionalProperties": False}, {"z": 1}, "value_unknown", ("“z” isn't a value this chart knows.", "这个 Chart 没有“z”这一项。")),
    says({"enum": ["x", "y"]}, "中", "value_choice", ('"中" isn\'t one of ["x", "y"].', '"中" 不在可选值 ["x", "y"] 之中。')),
    says({"maximum": 3}, 4, "value_range", ("4 is outside of the range: ≤ 3.", "4 超出范围：≤ 3。")),
    says({"minLength": 3}, "x", "value_range", ("1 is outside of the range: ≥ 3.", "1 超出范围：≥ 3。")),
    says(
        {"pattern": "^[a-z]+$"}, "X", "value_pattern", ('"X" doesn\'t match the pattern "^[a-z]+$".', '"X" 与正则表达式 "^[a-z]+$" 不符。')
    ),
    says(
        {"uniqueItems": True},
        [1, 1],
        "value_rule",
        ("The value breaks the rule “uniqueItems” of the chart's schema.", "值违反了 Chart Schema 的规则“uniqueItems”。"),
    ),
]


@pytest.mark.parametrize(("case", "wanted", "values"), CASES, ids=[case.id for case, _, _ in CASES])
def test_a_wrong_value_is_named(case: Case, wanted: Any, values: Any) -> None:
    assert schema.problems_in(wanted, "values.schema.json") == []
    case.holds(schema.check(wanted, values, "values.yaml"))


def test_names_by_pattern() -> None:
    wanted = {"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": {"type": "integer"}}
    assert schema.check(wanted, {"x-a": "text", "b": 1}, "f") == []
    assert [problem.where for problem in schema.check(wanted, {"x-a": 1, "b": "text"}, "f")] == ["b", "x-a"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"$ref": "#"},
        {"$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}] * 2}}, "$ref": "#/$defs/a"},
        {"$defs": {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)} | {"d40": {}}, "$ref": "#/$defs/d0"},
    ],
    ids=["self", "endless", "doubling"],
)
def test_a_schema_that_walks_for_ever_is_stopped(wanted: Any) -> None:
    start = time.process_time()
    Case(
        "costly",
        bytes,
        "schema_too_costly",
        "f",
        "",
        "The schema takes too much work to check. Make it simpler.",
        "检查这份 Schema 的工作量太大，请简化。",
    ).holds(schema.check(wanted, {}, "f"))
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("wanted", "values"),
    [
        ({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": HOSTILE_LETTERS}),
        ({"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}, {HOSTILE_LETTERS: 1}),
        ({"propertyNames": {"pattern": "^(a|a)*$"}}, {HOSTILE_LETTERS: 1}),
        ({"properties": {"a": {"uniqueItems": True}}}, {"a": [{"n": n} for n in range(30_000)] + [{"n": 1}]}),
    ],
    ids=["pattern", "names", "property names", "unique"],
)
def test_hostile_rules_take_no_time(wanted: Any, values: Any) -> None:
    start = time.process_time()
    assert len(schema.check(wanted, values, "f")) == 1
    # Checked without care they would take years, or minutes.
    assert time.process_time() - start < 5


class Canary(http.server.BaseHTTPRequestHandler):
    """Counts who comes."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_error(404)

    def log_message(self, _format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def canary() -> Iterator[str]:
    Canary.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("place", ["{}", "charts/db/{}"])
@pytest.mark.parametrize(
    "form",
    [
        '{"$ref": "URL/a"}',
        '{"$schema": "URL/a"}',
        '{"$id": "URL/a", "$ref": "b"}',
        '{"$id": "URL/a", "properties": {"replicas": {"$dynamicRef": "b#c"}}}',
        '{"properties": {"enum": {"$ref": "URL/a"}}}',
    ],
)
def test_nothing_is_ever_fetched(canary: str, form: str, place: str) -> None:
    files = {
        "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
        "charts/db/values.yaml": "",
        place.format("values.schema.json"): form.replace("URL", canary),
    }
    assert not services.check(chart(files)).ok
    assert Canary.seen == []


def test_a_schema_may_refer_to_itself() -> None:
    wanted = {"$id": "https://x.example/s", "$defs": {"n": {"type": "integer"}}, "properties": {"replicas": {"$ref": "#/$defs/n"}}}
    assert services.check(chart({"values.schema.json": json.dumps(wanted)})).ok


def test_strange_numbers_and_keys_are_refused_not_stumbled_over() -> None:
    costly = schema.check({"properties": {"a": {"multipleOf": 0.1}}}, {"a": 10**400}, "f")
    assert [problem.code for problem in costly] == ["schema_too_costly"]
    same = {"a": [{1: "x", "b": 2}, {"b": 2, 1: "x"}]}
    assert len(schema.check({"properties": {"a": {"uniqueItems": True}}}, same, "f")) == 1
