"""Functions that the caller gives."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from gotext import ExecutionError, LimitExceeded, Limits, ParseError, Template

if TYPE_CHECKING:
    from decimal import Decimal


def join(separator: str, *items: object) -> str:
    """Take one string and anything."""
    return separator.join(map(str, items))


def repeat(text: str, times: int = 2) -> str:
    """Take a number, or not."""
    return text * times


def add(one: int, other: int) -> int:
    """Add."""
    return one + other


def fail(reason: str) -> str:
    """Refuse always."""
    raise ValueError(reason)


def half(number: float) -> float:
    """Take a float only."""
    return number / 2


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "join": join,
    "repeat": repeat,
    "add": add,
    "fail": fail,
    "half": half,
    "same": lambda value: value,
    "nothing": lambda: None,
    "map": lambda: {"a": (1, 2)},
    "object": object,
}


def render(text: str, data: object = None) -> str:
    return Template(text, name="t", functions=FUNCTIONS).render(data)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{{join "-" 1 "b" true}}', "1-b-True"),
        ('{{"x" | join "-" 1}}', "1-x"),
        ('{{join "-"}}', ""),
        ('{{repeat "ab"}} {{repeat "ab" 3}} {{3 | repeat "c"}}', "abab ababab ccc"),
        ("{{add 1 2 | add 3}}", "6"),
        ("{{add 0x10 1e2}}", "116"),
        ("{{half 3}} {{half 3.0}}", "1.5 1.5"),
        ("{{same .missing}} {{same nil}} {{nothing}}", "<no value> <no value> <no value>"),
        ("{{(map).a}} {{index map.a 1}} {{range map.a}}{{.}}{{end}}", "[1 2] 2 12"),
        ("{{if nothing}}y{{else}}n{{end}}", "n"),
    ],
)
def test_they_are_called_with_go_s_values(text: str, shown: str) -> None:
    assert render(text, {}) == shown


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{add 1}}", "<add>: wrong number of args for add: want 2 got 1"),
        ("{{1 | add 1 2}}", "<add>: wrong number of args for add: want 2 got 3"),
        ("{{join}}", "<join>: wrong number of args for join: want at least 1 got 0"),
        ("{{repeat}}", "<repeat>: wrong number of args for repeat: want at least 1 got 0"),
        ('{{repeat "a" 1 2}}', "<repeat>: wrong number of args for repeat: want 2 got 3"),
        ('{{add 1 "a"}}', '<"a">: expected integer; found "a"'),
        ("{{add 1 1.5}}", "<1.5>: expected integer; found 1.5"),
        ('{{half "a"}}', '<"a">: expected float; found "a"'),
        ("{{join 1}}", "<1>: expected string; found 1"),
        ("{{join nil}}", "<nil>: cannot assign nil to string"),
        ("{{join .missing}}", "<.missing>: invalid value; expected string"),
        ("{{join .nil}}", "<.nil>: wrong type for value; expected string; got interface {}"),
        ("{{add 1 .f}}", "<.f>: wrong type for value; expected int; got float64"),
        ("{{half .i}}", "<.i>: wrong type for value; expected float64; got int"),
        ("{{.f | add 1}}", "<1>: wrong type for value; expected int; got float64"),
        ('{{fail "no luck"}}', '<fail "no luck">: error calling fail: no luck'),
        ("{{add 9223372036854775807 1}}", "error calling add: it returned an integer is too large for 64 bits"),
        ("{{object}}", "error calling object: it returned no Go value stands for a object"),
    ],
)
def test_what_does_not_fit_is_refused_in_go_s_words(text: str, problem: str) -> None:
    with pytest.raises(ExecutionError) as caught:
        render(text, {"f": 1.5, "i": 1, "nil": None})
    assert problem in caught.value.message


def test_a_function_of_the_caller_s_hides_a_builtin_and_a_keyword() -> None:
    functions: dict[str, Callable[..., Any]] = {"len": lambda _value: "mine", "break": lambda: "broken"}
    assert Template("{{len 3}} {{range 1}}{{break}}{{end}}", functions=functions).render() == "mine broken"


def hidden(value: "Decimal") -> str:
    """Have an annotation that only a type checker can read."""
    return f"<{value}>"


def test_a_callable_that_python_knows_little_of_takes_anything() -> None:
    functions: dict[str, Callable[..., Any]] = {"text": str, "hidden": hidden, "most": max}
    assert Template("{{text 5}}{{hidden 1}}{{most 3 7 5}}", functions=functions).render() == "5<1>7"
    with pytest.raises(ExecutionError, match="error calling most: "):
        Template("{{most 1}}", functions=functions).render()


def test_a_name_that_cannot_be_written_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not a valid identifier"):
        Template("", functions={"a-b": str})


def test_without_it_a_function_is_unknown() -> None:
    with pytest.raises(ParseError, match=r'^template: t:1: function "join" not defined$'):
        Template("{{join}}", name="t")


def test_what_it_returns_counts() -> None:
    template = Template("{{range 1000}}{{$x := big}}{{end}}", functions={"big": lambda: "x" * 100_000})
    with pytest.raises(LimitExceeded, match="more than 1000000 steps"):
        template.render()
    with pytest.raises(LimitExceeded, match="a value is larger than 1000 bytes"):
        template.render(limits=Limits(output=1_000))
