"""What goes in: Go's values in Python, copied before anything runs."""

import enum
from collections import OrderedDict
from typing import Any

import pytest

from gotext import DataError, Template

SHOW = Template("{{printf `%T %v` . .}}")


class Text(str):
    """A string that says it is another one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "impostor"


class Level(enum.IntEnum):
    """A number with a name."""

    HIGH = 3


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (1, "int 1"),
        (True, "bool true"),
        (1.0, "float64 1"),
        (float("nan"), "float64 NaN"),
        (float("-inf"), "float64 -Inf"),
        (float("inf"), "float64 +Inf"),
        ("x", "string x"),
        (None, "<nil> <nil>"),
        ([1, 2.5, None], "[]interface {} [1 2.5 <nil>]"),
        ((1, (2,)), "[]interface {} [1 [2]]"),
        ({"b": 1, "a": {"c": None}}, "map[string]interface {} map[a:map[c:<nil>] b:1]"),
        (OrderedDict(b=1, a=2), "map[string]interface {} map[a:2 b:1]"),
        (Level.HIGH, "int 3"),
        (2**63 - 1, "int 9223372036854775807"),
        (-(2**63), "int -9223372036854775808"),
    ],
)
def test_python_s_values_stand_for_go_s(data: object, shown: str) -> None:
    assert SHOW.render(data) == shown


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (2**63, "an integer is too large for 64 bits"),
        ({"a": [-(2**63) - 1]}, "an integer is too large for 64 bits"),
        ({1: "x"}, "a key must be a string, not a int"),
        ({None: "x"}, "a key must be a string, not a NoneType"),
        ({"a": b"x"}, "no Go value stands for a bytes"),
        ([{1, 2}], "no Go value stands for a set"),
        (object(), "no Go value stands for a object"),
        (1j, "no Go value stands for a complex"),
        (len, "no Go value stands for a builtin_function_or_method"),
    ],
)
def test_anything_else_is_refused(data: object, reason: str) -> None:
    with pytest.raises(DataError) as caught:
        SHOW.render(data)
    assert caught.value.message == f"data: {reason}"


def test_data_that_contains_itself_is_refused() -> None:
    data: dict[str, Any] = {"list": []}
    data["list"] += [data, data]
    with pytest.raises(DataError, match="it contains itself"):
        Template("{{.list}}").render(data)


def test_a_subclass_brings_none_of_its_methods() -> None:
    text = Text("plain")
    assert type(text) is Text
    assert Template("{{.a}} {{len .a}} {{eq .a `plain`}}").render({"a": text}) == "plain 5 true"


def test_the_data_is_not_touched() -> None:
    data = {"l": [1, 2, 3], "m": {"a": 1}}
    Template("{{$l := slice .l 0 1}}{{range $.l}}{{$l = $.m}}{{end}}").render(data)
    assert data == {"l": [1, 2, 3], "m": {"a": 1}}


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert Template("{{.}}").render("a\ud800b") == "a\ufffdb"


def test_bytes_that_are_no_text_are_kept_in_bytes_and_shown_in_strings() -> None:
    cut = Template("{{slice . 0 2}}|{{slice . 2}}")
    assert cut.render_bytes("日本") == b"\xe6\x97|\xa5\xe6\x9c\xac"
    assert cut.render("日本") == "\ufffd|\ufffd本"
    assert Template("{{slice . 0 2}}{{slice . 2}}").render("日本") == "日本"
    assert Template("{{eq (print (slice . 0 2) (slice . 2)) .}}").render("日本") == "true"


def test_a_template_keeps_nothing_between_renderings() -> None:
    template = Template("{{$x := 0}}{{range .}}{{$x = .}}{{$x}}{{end}}{{$x}}{{$ = 5}}{{$}}")
    assert [template.render([1, 2]), template.render([]), template.render([1, 2])] == ["1225", "05", "1225"]


def test_infinities_are_compared_and_padded_as_numbers() -> None:
    data = {"n": float("nan"), "i": float("inf")}
    assert Template("{{eq .n .n}} {{lt .n 1.0}} {{ge .n 1.0}} {{gt .i 1.0}}").render(data) == "false false true true"
    assert Template("{{printf `%06.1f|%+v|% f|%5v|%x` .i .n .n .i .n}}").render(data) == "  +Inf|NaN| NaN| +Inf|NaN"
