"""The dialect of `cluster.json.tmpl`: what comes out of it, where its mistakes are, and that no template outgrows its budget."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadstead.packaging.vm.dialect import MUSTACHE, TEMPLATE, render

DATA: dict[str, Any] = {
    "cluster": {"name": 'a"b\\\n中', "n": 3, "half": 0.5, "on": True, "list": [1, "x"], "map": {"k": [None]}, "empty": ""},
    "env": {"common.param": "dotted", "db": {"my-port": 5432}},
    "service_params": {},
}


def made(text: str, file: str = TEMPLATE) -> Any:
    """Return what comes out, which is good."""
    found = render(text, DATA, file=file)
    assert found.problems == ()
    return found.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"{{.cluster.name}}"', 'a"b\\\n中'),
        ('"{{ .cluster.n }}"', 3),
        ('"{{- .cluster.half -}}"', 0.5),
        ('"{{.cluster.on}}"', True),
        ('"{{.cluster.gone}}"', None),
        ('"{{.cluster.list}}"', [1, "x"]),
        ('"{{.cluster.map}}"', {"k": [None]}),
        ('"<{{.cluster.name}}>"', '<a"b\\\n中>'),
        ('"{{.cluster.n}}-{{.cluster.list}}-{{.cluster.gone}}"', '3-[1,"x"]-'),
        ('"{{.cluster.n}}{{.cluster.n}}"', "33"),
        ("{{.cluster.name}}", 'a"b\\\n中'),
        ("{{.cluster.list}}", [1, "x"]),
        ('"{{index .env "common.param"}}"', "dotted"),
        ('"{{index .env \\"common.param\\"}}"', "dotted"),
        ('"p {{env "common.param"}}"', "p dotted"),
        ('{{env "common.param" | json}}', "dotted"),
        ('"{{env "db.my-port"}}"', 5432),
        ('"{{env "gone"}}"', None),
        ("[{{range $i, $x := .cluster.list}}{{if $i}}, {{end}}{{json $x}}{{end}}]", [1, "x"]),
        ('[{{$sep := ""}}{{range .cluster.list}}{{$sep}}{{.}}{{$sep = ","}}{{end}}]', [1, "x"]),
        ('{{if .cluster.on}}"yes"{{else}}"no"{{end}}', "yes"),
        ('"{{if .cluster.on}}yes{{else}}no{{end}} {{/* "quoted" }} */}}!"', "yes !"),
        ('"{{with $x := .cluster.n}}{{$x}}{{end}}"', "3"),
        ("{{default 5 .cluster.gone}}", 5),
        ('"{{.cluster.empty | default "d"}}"', "d"),
        ('"{{ternary "a" "b" .cluster.on}}"', "a"),
        ("[{{add 1 2 3}}, {{sub 5 2}}, {{mul 2 3 4}}, {{div 7 2}}, {{div -7 2}}, {{div 7.0 2}}]", [6, 3, 24, 3, -3, 3.5]),
        ('"{{join "," .cluster.list}} {{lower "AB"}} {{upper "ab"}}"', "1,x AB".replace("AB", "ab") + " AB"),
        ('{"a": "{{.cluster.n}}", "b": {"c": "x{{.cluster.n}}"}}', {"a": 3, "b": {"c": "x3"}}),
    ],
)
def test_expressions_stand_for_values(text: str, value: Any) -> None:
    assert made(text) == value


@pytest.mark.parametrize("name", ['", "x": "', "}}", '"}}{{`', "\\", "{{.env}}", "</script>", "\u2028"])
def test_no_answer_can_leave_its_string(name: str) -> None:
    for text in ('{"n": "{{.n}}"}', '{"n": "{{.n}}{{/**/}}"}', '{"n": {{.n}}}'):
        assert render(text, {"n": name}).value == {"n": name}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"n": {{cluster.n}}, "s": "<{{cluster.name}}>", "e": {{ env.db.my-port }}}', {"n": 3, "s": '<a"b\\\n中>', "e": 5432}),
        ('["{{cluster.n}}", {{{cluster.list}}}, {{&cluster.on}}]', [3, [1, "x"], True]),
    ],
)
def test_the_older_language_is_read(text: str, value: Any) -> None:
    assert made(text, MUSTACHE) == value


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ('{\n  "a": "{{.cluster.n}}", "中": "{{div 1 0}}"}', "template_failed", "2:34"),
        ('{\n  "a": "x{{.cluster.n.m}}"}', "template_failed", "2:20"),
        ('{"a": 1,\n\n"b": "{{nosuch 1}}"}', "template_parse", "3"),
        ('{"a": "{{if .x}}"', "template_parse", "1"),
        ('{"a": "{{.x"', "template_parse", "1"),
        ('{"a": 1,\n "b": {{.cluster.n}} 2}', "template_json", "2"),
        ('{"a": 1,\n "a": 2}', "duplicate_key", ""),
        ('{"a": "{{div "x" 2}}"}', "template_failed", "1:10"),
    ],
)
def test_mistakes_have_their_place_in_the_template(text: str, code: str, where: str) -> None:
    assert [(problem.code, problem.file, problem.where) for problem in render(text, DATA).problems] == [(code, TEMPLATE, where)]


BOMBS = {
    "endless": '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}',
    "nested ranges": "{{range 1000}}" * 8 + "x" + "{{end}}" * 8,
    "large range": "{{range 1000000000}}{{end}}",
    "output": "{{range 100000}}0123456789abcdef{{end}}",
    "long text": '"{{range 20}}' + "x" * 100_000 + '{{end}}"',
    "wide string": '"{{printf "%900000d%900000d" 1 1}}"',
    "growing string": '{{$s := "0123456789"}}{{range 40}}{{$s = printf "%s%s" $s $s}}{{end}}"{{$s}}"',
    "growing number": "{{$n := 9}}{{range 100}}{{$n = mul $n $n}}{{end}}{{$n}}",
    "growing json": '{{$s := `"`}}{{range 40}}{{$s = json $s}}{{end}}{{$s}}',
    "parentheses": '"{{' + "(" * 5_000 + "1" + ")" * 5_000 + '}}"',
    "blocks": "{{if true}}" * 5_000 + "{{end}}" * 5_000,
    "open actions": '"{{' * 200_000,
    "open quotes": '{"a": "{{' + '"' * 200_001,
    "open raw strings": '{"a": "{{' + "`x" * 100_001,
    "escapes": '"{{' + '\\"' * 200_000,
    "deep JSON": "[" * 5_000 + "]" * 5_000,
    "long number": "{{printf `%05000d` 1}}",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_a_problem_and_no_more(text: str) -> None:
    found = render(text, DATA)
    assert found.value is None
    assert len(found.problems) == 1
    assert len(found.problems[0].message) < 1_000


@pytest.mark.parametrize("name", ["endless", "nested ranges", "large range", "output", "long text", "wide string", "growing string"])
def test_it_is_the_budget_that_stops_a_bomb(name: str) -> None:
    assert [problem.code for problem in render(BOMBS[name], DATA).problems] == ["template_too_costly"]


PIECES = [
    "{{",
    "}}",
    '"',
    "\\",
    "\n",
    " ",
    "-",
    ".",
    "cluster",
    ".n",
    "if ",
    "end",
    "range ",
    "|",
    "json",
    "(",
    ")",
    "`",
    "'",
    "/*",
    "*/",
    "$x",
    ":=",
    "中",
    "[",
    "]",
    ",",
    "1",
    "{",
    ":",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from([TEMPLATE, MUSTACHE]))
def test_any_text_is_a_document_or_a_problem(text: str, file: str) -> None:
    found = render(text, DATA, file=file)
    assert all(problem.message for problem in found.problems)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_answer_arrives_as_it_was(one: str, other: str) -> None:
    data = {"one": one.encode("utf-8", "replace").decode(), "other": other.encode("utf-8", "replace").decode()}
    found = render('{"a": "{{.one}}", "b": "<{{.other}}>"}', data).value
    assert found == {"a": data["one"], "b": f"<{data['other']}>"}
