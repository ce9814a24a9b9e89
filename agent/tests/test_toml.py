"""Resource files are read as Python's own reader of TOML reads them, as far as they go."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadstead_agent.confd.toml import BadToml, parse

GOOD = [
    "",
    "# nothing\n",
    '[template]\nsrc = "a.tmpl"\ndest="/etc/a" # why\nkeys = [\n  "/host", # own\n  \'/env\',\n]\nuid = 0\ngid=1_000\n',
    '[template]\nreload_cmd = \'\'\'\n  echo "a"\n  true\'\'\'\ncheck_cmd = """a \\\n   b \\""" c"""\n',
    'a = "\\u00fc\\t\\\\ \\"x\\""\nb = \'C:\\new\'\nc = true\nd = false\ne = 0o640\nf = 0x1F\ng = -3\nh = []\n',
    '[a]\nx = 1\n[a.b]\ny = 2\n[c]\n"quoted key" = [[1, 2], []]\n',
    'a = """b"""\r\nc = 1\r\n',
]
BAD = [
    ("a", 1),
    ("a =", 1),
    ('a = "', 1),
    ("\n\na = b", 3),
    ("a = 1\na = 2", 2),
    ("[a]\nb = 1\n[a.b]\n", 3),
    ('a = "x" b = 1', 1),
    ("a = 0644", 1),
    ('x = 1\na = "\\q"', 2),
    ("a = [1 2]", 1),
    ('a = "\\ud800"', 1),
]


@pytest.mark.parametrize("text", GOOD)
def test_it_reads_what_python_reads(text: str) -> None:
    assert parse(text) == tomllib.loads(text)


@pytest.mark.parametrize(("text", "line"), BAD)
def test_what_python_refuses_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    with pytest.raises(BadToml) as refused:
        parse(text)
    assert refused.value.line == line


@given(st.text(alphabet="ab=\"'#[]\n\\ \t,01.-tru", max_size=25))
def test_it_never_reads_anything_else_than_python_does(text: str) -> None:
    try:
        read = parse(text)
    except BadToml:
        return
    assert read == tomllib.loads(text)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(max_size=20), max_size=5))
def test_any_text_can_be_written_down(values: dict[str, str]) -> None:
    def written(text: str) -> str:
        return '"' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'

    assert parse("[template]\n" + "".join(f"{key} = {written(value)}\n" for key, value in values.items()))["template"] == values
