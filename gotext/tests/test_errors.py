"""Where an error says it is, and what it is to a program."""

import pytest

from gotext import ExecutionError, GotextError, ParseError, Template


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{{.a.b}}", 1, 4),
        ("é{{.a.b}}", 1, 6),
        ("\n\n  {{.a.b}}", 3, 6),
        ("é\né {{len .a}}", 2, 5),
        ("{{define `x`}}\n{{.a.b}}{{end}}\n{{template `x` .}}", 2, 4),
    ],
)
def test_an_error_has_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(ExecutionError) as caught:
        Template(text, name="cluster.json.tmpl").render({"a": 5})
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.message.startswith(f"template: cluster.json.tmpl:{line}:{column}: executing ")
    assert str(caught.value) == caught.value.message


def test_a_parse_error_has_a_line() -> None:
    with pytest.raises(ParseError) as caught:
        Template("a\nb {{if}}", name="t")
    assert (caught.value.line, caught.value.column) == (2, None)
    assert str(caught.value) == "template: t:2: missing value for if"


def test_all_errors_are_of_one_kind() -> None:
    assert issubclass(ParseError, GotextError)
    assert issubclass(ExecutionError, GotextError)


def test_an_error_shows_no_broken_text() -> None:
    with pytest.raises(ExecutionError) as caught:
        Template('{{index . "\\xff"}}').render([])
    assert caught.value.message.encode()
    with pytest.raises(ExecutionError) as caught:
        Template("{{eq (slice . 0 1) 1}}{{call (slice . 0 1)}}").render("é")
    assert caught.value.message.encode()


@pytest.mark.parametrize("options", [{"missing_key": "no"}, {"delimiters": ("", "}}")}])
def test_a_wrong_option_is_the_caller_s_mistake(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"missingkey=no|delimiter"):
        Template("", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["{{1i}}", "{{0i}}", "{{1+2i}}", "{{0x1p2i}}"])
def test_complex_numbers_are_refused_by_name(text: str) -> None:
    with pytest.raises(ParseError, match="complex numbers are not supported"):
        Template(text)
