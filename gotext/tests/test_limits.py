"""What a hostile template may use: steps, output, depth, and never Python's own stack."""

import json
import sys
from contextlib import suppress

import pytest

from gotext import DataError, ExecutionError, GotextError, LimitExceeded, Limits, ParseError, Template

FEW = Limits(steps=1_000, output=1_000, depth=10)


def refused(text: str, data: object = None, limits: Limits = FEW) -> str:
    with pytest.raises(LimitExceeded) as caught:
        Template(text, name="t").render(data, limits=limits)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{range 1000000000000}}{{end}}", "more than 1000 steps"),
        ("{{range .l}}{{range $.l}}{{range $.l}}{{len .}}{{end}}{{end}}{{end}}", "more than 1000 steps"),
        ("{{range 100}}{{print 1 (print 2 (print 3 (print 4 (print 5))))}}{{end}}", "more than 1000 steps"),
        ("{{range 2000}}{{continue}}{{end}}", "more than 1000 steps"),
        ("{{range 500}}{{printf `%s` $.long | len}}{{end}}", "more than 1000 steps"),
        ("{{range 200}}abcdef{{end}}", "the output is larger than 1000 bytes"),
        ("{{range 200}}ééé{{end}}", "the output is larger than 1000 bytes"),
        ("{{.long}}{{.long}}", "the output is larger than 1000 bytes"),
        ("{{printf `%999999d` 1}}", "a value is longer than the output may be"),
        ("{{printf `%.999999d` 1}}", "a value is longer than the output may be"),
        ("{{printf `%.999999f` 1.0}}", "a value is longer than the output may be"),
        ("{{printf `%*s%*s` 600 `a` 600 `b`}}", "a value is longer than the output may be"),
        ("{{$x := `aaaaaaaa`}}{{range 60}}{{$x = print $x $x}}{{end}}", "a value is longer than the output may be"),
        ("{{$x := `<<<<<<<<`}}{{range 60}}{{$x = html $x}}{{end}}", "more than 1000 steps"),
        ("{{$x := html .long}}{{$x = html `<` .long .tags}}", "a value is larger than 1000 bytes"),
        ("{{define `a`}}{{template `a` .}}{{end}}{{template `a` .}}", "exceeded maximum template depth (10)"),
        (
            "{{define `a`}}{{template `b`}}{{end}}{{define `b`}}{{template `a`}}{{end}}{{template `a`}}",
            "exceeded maximum template depth (10)",
        ),
    ],
)
def test_a_bomb_ends_at_its_limit(text: str, reason: str) -> None:
    data = {"l": [[1]] * 12, "long": "x" * 900, "tags": "<" * 60}
    with pytest.raises(ExecutionError) as caught:
        Template(text, name="t").render(data, limits=FEW)
    assert reason in caught.value.message
    assert caught.value.message.startswith("template: t:1:")


def test_a_loop_counts_its_turns() -> None:
    loop = Template("{{range 100}}{{end}}")
    assert loop.render(limits=Limits(steps=500)) == ""
    with pytest.raises(LimitExceeded):
        loop.render(limits=Limits(steps=100))


def test_the_output_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert Template("{{.}}é").render("12345678", limits=Limits(output=10)) == "12345678é"
    assert "larger than 9 bytes" in refused("{{.}}é", "12345678", Limits(output=9))


def test_depth_is_counted_inward_only() -> None:
    text = "{{define `leaf`}}.{{end}}{{range 50}}{{template `leaf`}}{{end}}"
    assert Template(text).render(limits=Limits(depth=1)) == "." * 50


def test_depth_is_not_python_s() -> None:
    """Templates within templates use none of Python's stack: thousands are a matter of the limit alone."""
    text = "{{define `down`}}{{if .}}{{range .}}({{template `down` .}}){{end}}{{end}}{{end}}{{template `down` .}}"
    endless = "{{define `a`}}{{with 1}}{{range 1}}{{if true}}{{template `a`}}{{end}}{{end}}{{end}}{{end}}{{template `a`}}"
    assert "exceeded maximum template depth (20000)" in refused(endless, limits=Limits(depth=20_000))
    assert Template(text).render([[[]]]) == "(())"


@pytest.mark.parametrize(
    "text",
    [
        "{{" + "(" * 5_000 + "1" + ")" * 5_000 + "}}",
        "{{if 1}}" * 5_000 + "{{end}}" * 5_000,
        "{{range .}}{{with .}}" * 2_000,
        "{{block `a` .}}" * 2_000,
        "{{" + "print (" * 3_000,
    ],
)
def test_a_deep_template_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match=r"depth exceeded|multiple definition"):
        Template(text)


def test_what_is_long_is_not_deep() -> None:
    chain = "{{if eq . 0}}0" + "".join(f"{{{{else if eq . {number}}}}}{number}" for number in range(1, 3_000)) + "{{end}}"
    assert Template(chain).render(2_999) == "2999"
    pipeline = "{{1" + " | print" * 3_000 + "}}"
    assert Template(pipeline).render() == "1"
    path = "{{." + ".".join("a" * 1 for _ in range(3_000)) + "}}"
    assert Template(path).render({}) == "<no value>"


def test_nesting_that_people_write_is_allowed() -> None:
    depth = 25
    text = "{{if 1}}{{with 1}}" * depth + "{{(((.)))}}" + "{{end}}{{end}}" * depth
    assert Template(text).render() == "1"


def test_deep_data_is_refused_and_shared_data_is_cheap() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(DataError, match="nested more than 100 deep"):
        Template("{{.}}").render(deep)
    shared: list[object] = ["x"]
    for _ in range(60):
        shared = [shared, shared]
    assert Template("{{len .}}").render(shared) == "2"
    assert "longer than the output" in refused("{{.}}", shared)


def test_data_that_is_deep_only_by_sharing_is_an_error() -> None:
    """Each rung is 60 deep by itself and holds the one before at its bottom; the one before was seen at the top already."""
    rungs: list[object] = [[]]
    for _ in range(40):
        rung = rungs[-1]
        for _ in range(60):
            rung = [rung]
        rungs.append(rung)
    assert Template("{{len .}}").render(rungs) == "41"
    with pytest.raises(LimitExceeded, match="nested too deeply"):
        Template("{{.}}").render(rungs)


def test_a_caller_with_a_full_stack_gets_an_error_of_ours() -> None:
    """However little of the stack is left, what comes out is no RecursionError, unless there is no room to call at all."""
    text = "{{range .}}{{printf `%v` (print (print (print (print .))))}}{{end}}"
    template = Template(text)
    data = json.loads("[" * 90 + "]" * 90)
    outcomes: list[str] = []

    def has_room(frames: int) -> bool:
        return not frames or has_room(frames - 1)

    def descend(left: int) -> None:
        if left:
            descend(left - 1)
            return
        try:
            has_room(15)
        except RecursionError:
            outcomes.append("no room")
            return
        try:
            Template(text)
            template.render(data)
        except GotextError as problem:
            outcomes.append(problem.message)
        else:
            outcomes.append("rendered")

    for left in range(0, sys.getrecursionlimit(), 7):
        with suppress(RecursionError):  # of the descent itself
            descend(left)
    assert outcomes[0] == "rendered"
    assert "no room" in outcomes
    assert any("no room left on Python's stack" in outcome for outcome in outcomes)
