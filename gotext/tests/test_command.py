"""`python -m gotext`, as a process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"


def run(*arguments: object) -> tuple[int, bytes, str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "gotext", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    template, data = tmp_path / "page.tmpl", tmp_path / "data.json"
    template.write_text("{{range $k, $v := .}}{{$k}}: {{printf `%T` $v}} {{$v}}\n{{end}}")
    data.write_text('{"b": 1, "a": 1.0, "ü": "é", "n": null, "big": 9007199254740993}')
    return template, data


def test_it_prints_the_result(files: tuple[Path, Path]) -> None:
    code, out, err = run(*files)
    assert (code, err) == (0, "")
    assert out.decode() == "a: float64 1\nb: int 1\nbig: int 9007199254740993\nn: <nil> <no value>\nü: string é\n"


def test_it_prints_bytes_as_they_are(files: tuple[Path, Path]) -> None:
    template, data = files
    template.write_bytes(b"\xff{{slice .s 0 1}}\r\n")
    data.write_text('{"s": "\\u00e9 \\ud800"}')
    assert run(template, data) == (0, b"\xff\xc3\r\n", "")


@pytest.mark.parametrize(
    ("template", "data", "said"),
    [
        ("{{.a.b}}", '{"a": 1}', 'template: page.tmpl:1:4: executing "page.tmpl" at <.a.b>: can\'t evaluate field b in type interface {}'),
        ("\n{{if}}", "{}", "template: page.tmpl:2: missing value for if"),
        ("{{range 10000000}}{{end}}", "{}", "more than 1000000 steps"),
        ("{{.`a\nb`}}", "{}", "template: page.tmpl:1: "),
        ("{{len `a\nb` 1}}", "{}", "wrong number of args"),
        ("{{index `a\nb` 9}}", "{}", r"<index `a\nb` 9>"),
        ("x", "{", "data.json: not JSON: "),
        ("x", '{"a": NaN}', "not JSON: NaN is no JSON"),
        ("x", '{"a": 99999999999999999999}', "data: an integer is too large for 64 bits"),
        ("x", '{"a": 1e999}', "not JSON: 1e999 is too large for a float64"),
        ("x", '{"a": ' + "9" * 5_000 + "}", "not JSON: "),
        ("{{index `é\n` 9}}", "{}", r"<index `é\n` 9>"),
        ("x", "[" * 100_000, "not JSON: "),
        ("x", "[" * 200 + "]" * 200, "data: nested more than 100 deep"),
    ],
)
def test_an_error_is_one_line(files: tuple[Path, Path], template: str, data: str, said: str) -> None:
    files[0].write_text(template)
    files[1].write_text(data)
    code, out, err = run(*files)
    assert (code, out) == (1, b"")
    assert said in err
    assert err.count("\n") == 1


def test_a_missing_file_is_named(files: tuple[Path, Path]) -> None:
    code, _, err = run(files[0], files[1].with_name("gone.json"))
    assert code == 1
    assert "gone.json: No such file or directory" in err


@pytest.mark.parametrize("arguments", [[], ["one"], ["one", "two", "three"], ["--help", "x"]])
def test_it_is_called_with_two_files(arguments: list[str]) -> None:
    assert run(*arguments) == (2, b"", "usage: python -m gotext TEMPLATE.tmpl DATA.json\n")
