"""The cases whose answers Go wrote down: templates by hand, and every verb, comparison and function with every kind of value."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from go_original import GOLDEN, Case, Original

DATA: dict[str, Any] = json.loads((GOLDEN / "data.json").read_text())
ANSWERS = GOLDEN / "golden.json"
VALUES = ("3", "-42", "1.5", "`héllo`", r'"a\nb\x80\""', "true", "nil", ".l", ".m", ".nil", ".missing", "'x'", "(index .s 1)", ".el")
VERBS = (
    *("v", "+v", "#v", "T", "d", "05d", "x", "#X", "# x", "O", "#o", "b", "c", "+q", "#q", "#U", "e", "f", "F", "g", "G"),
    *("8.2f", "-8.2f|", "+08.3f", "#.3g", ".0f", "s", "-10s|", "010s", ".2s", "6t", "w", "y", "+.3d", "% d", "#20.5x", "é", "%", "!"),
)
NUMBERS = (
    *("0", "00", "07", "08", "0x", "0x1F", "0X1f", "0o17", "0b101", "0b2", "1_000", "1__0", "1_", "0x_1", "0_7", "1e3", "1E3"),
    *("1e", "1.5", "1.", ".5", ".", ".e", "1.5e-3", "0x1p4", "0x1.8p-1", "0x.8p1", "0x1.8", "0xp1", "1e400", "1e-400"),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615"),
    *("18446744073709551616", "0xffffffffffffffff", "0x10000000000000000", "+5", "-5", "+-5", "-", "1a", "1.2.3", "0x1_0"),
    *("1_0.5_0", "1_.5", "1._5", "1e_1", "1e18", "1e19", "-0", "-0.0", "0xe", "0xep1", "'a'", r"'\n'", r"'\''", "'\\\"'"),
    *("'ab'", "''", r"'\x41'", r"'\u00e9'", r"'\U0001F600'", r"'\ud800'", r"'\400'", r"'\377'", "'é'", "'日'", r"'\z'"),
)
PATHS = (
    *(".x", ".x.y", ".m.x.y", ".nil", ".nil.x", ".s.x", "(index .l 0).x", "(index .l 4).x", "(index .m `q`).z"),
    *(".m.c.d.x", "$.x", "$.m.a.b", "(.m.a).b", "len.x"),
)
USES = (
    *("{{%s}}", "{{if %s}}y{{else}}n{{end}}", "{{with %s}}{{.}}{{else}}n{{.i}}{{end}}", "{{range %s}}[{{.}}]{{else}}none{{end}}"),
    *("{{range $i,$x := %s}}[{{$i}}{{$x}}{{$x.y}}]{{end}}", "{{len %s}}", "{{$v := %s}}{{$v}}{{$v.q}}", "{{%s 1}}", "{{1 | %s}}"),
)
FUNCTIONS = ("len", "not", "html", "js", "urlquery", "print", "println", "index", "slice", "call", "and", "or", "printf")
ROOTS: tuple[Any, ...] = (None, 5, -1.5, "text", True, False, [], [1, 2.0, "x"], {}, {"Ünï": 1, "a": {"b": {"c": None}}})
LIST = "{{range $i, $e := .}}{{$i}}={{$e}};{{else}}none{{end}}"


def templates() -> Iterator[str]:
    """Yield the templates written by hand."""
    for line in (GOLDEN / "templates.txt").read_text().splitlines()[1:]:
        yield line.replace("⏎", "\n")


def cases() -> list[Case]:
    """Return every case, each once."""
    found = [*_written(), *_made(), *_rooted()]
    return [case for number, case in enumerate(found) if case not in found[:number]]


def _written() -> Iterator[Case]:
    for number, template in enumerate(templates()):
        yield Case(template, DATA)
        if "nope" in template or ".x" in template:
            yield Case(template, DATA, {"missing_key": "error"})
            yield Case(template, DATA, {"missing_key": "zero"})
        if number % 10 == 0:
            other = template.replace("{{", "<<").replace("}}", ">>")
            yield Case(other, DATA, {"delimiters": ["<<", ">>"]})


def _made() -> Iterator[Case]:
    for verb in VERBS:
        # All values at once: each stands between bars.
        yield Case("|".join(f'{{{{printf "%{verb}" {value}}}}}' for value in VALUES if value != ".missing"), DATA)
    for operator, one, other in product(("eq", "lt", "ge"), VALUES, VALUES[::2]):
        yield Case(f"{{{{{operator} {one} {other}}}}}", DATA)
    for number in NUMBERS:
        yield Case(f"{{{{{number}}}}}|{{{{printf `%T` {number}}}}}|{{{{- {number} -}}}}", DATA)
        yield Case(f"{{{{index .l {number}}}}}", DATA)
    for path, use, missing in product(PATHS, USES, ("zero", "error")):
        yield Case(use % path, DATA, {"missing_key": missing})
    for function, value in product(FUNCTIONS, VALUES):
        yield Case(f"{{{{{function} {value}}}}}", DATA)
        yield Case(f"{{{{{value} | {function} .l 1}}}}", DATA)


def _rooted() -> Iterator[Case]:
    for root, template in product(ROOTS, ("{{.}}", "{{.a}}", "{{.a.b.c}}", LIST, "{{len .}}", "{{index . 0}}", "{{printf `%#v` $}}")):
        yield Case(template, root)


def record(case: Case, answer: dict[str, str]) -> dict[str, Any]:
    """Return how a case and its answer are kept; the data that most have is kept once."""
    data = {} if case.data == DATA else {"data": case.data}
    return {"template": case.template, **data, **({"options": case.options} if case.options else {}), **answer}


def recorded(kept: dict[str, Any]) -> tuple[Case, dict[str, str]]:
    """Return what `record` kept."""
    answer: dict[str, str] = {name: kept[name] for name in ("output", "hex", "error") if name in kept}
    return Case(kept["template"], kept.get("data", DATA), kept.get("options", {})), answer


def write(path: Path, version: str, answers: list[dict[str, Any]]) -> None:
    """Write the file of answers, one case a line."""
    lines = ",\n".join(json.dumps(kept, ensure_ascii=False) for kept in answers)
    path.write_text(f'{{"go": "{version}", "cases": [\n{lines}\n]}}\n')


def main() -> None:
    """Ask Go everything anew and write the answers down: `python gotext/tests/golden_cases.py`."""
    asked = cases()
    with TemporaryDirectory() as folder, Original.built(Path(folder)) as original:
        answers = original.answer(asked)
    write(ANSWERS, original.version, [record(case, answer) for case, answer in zip(asked, answers, strict=True)])


if __name__ == "__main__":
    main()
