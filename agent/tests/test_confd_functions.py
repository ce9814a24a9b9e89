"""The functions that the format adds to confd's own, where no original can be asked; and those that reach beyond the template."""

import base64
import gzip
import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotext import ExecutionError, Template
from roadstead_agent.confd import srv
from roadstead_agent.confd.arithmetic import div, equal, less, mod, number
from roadstead_agent.confd.decrypting import Decrypting
from roadstead_agent.confd.functions import FUNCTIONS
from roadstead_agent.confd.values import Values, matching

VIEW = {"/self/env/number": "42", "/self/env/float": "1.5", "/self/env/names/a": "web-1", "/self/env/names/b": "db-1"}
VALUES = Values(VIEW, ("/self/env",), "/self")


def shown(template: str) -> str:
    return Template(template, functions={**VALUES.functions(), **FUNCTIONS}).render()


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{{add 1 (getv "/env/number")}} {{add "1.5" 1}} {{add 9223372036854775807 1}}', "43 2.5 -9223372036854775808"),
        ('{{sub "10" "3"}} {{mul (getv "/env/float") 2}} {{div 7.0 2}} {{div "7" "-2"}}', "7 3 3.5 -3"),
        ('{{mod "-7" "3"}} {{max 1 "2.5"}} {{min "3" 2}} {{max -1 -2}}', "-1 2.5 2 -1"),
        ('{{eq (getv "/env/number") 42}} {{eq "42" 42.0}} {{eq "a" "a"}} {{eq "a" "b" "a"}} {{eq true true}}', "true true true true true"),
        ('{{eq "1.0" "1"}} {{eq "x" 1}} {{ne "1" 1}} {{ne "a" 1}} {{eq nil nil}}', "true false false true true"),
        ('{{lt "9" "10"}} {{lt "a" "b"}} {{gt "10" 9}} {{ge "1.5" (getv "/env/float")}} {{le 3 2}}', "true true true true false"),
        ('{{if gt (len (gets "/env/names/*")) 1}}many{{end}} {{lt "x" 1}}', "many true"),
        ('{{filter "^web" (getvs "/env/names/*")}} {{range filter "db" (gets "/env/names/*")}}{{.Key}}{{end}}', "[web-1] /env/names/b"),
        ('{{toJson (map "b" 1 "a" (split "x,<y>" ","))}}', '{"a":["x","\\u003cy\\u003e"],"b":1}'),
        ('{{toYaml (map "b" 1.5 "a" (split "x,no" ",") "c" (map "d" "e f"))}}', 'a:\n- x\n- "no"\nb: 1.5\nc:\n  d: "e f"\n'),
        ('{{toJson (json "{\\"n\\": 1}")}} {{toYaml "x"}}', '{"n":1} x\n'),
        ('{{range reverse (gets "/env/names/*")}}{{.Value}} {{end}}{{range reverse (seq 1 3)}}{{.}}{{end}}', "db-1 web-1 321"),
        ('{{seq "1" (getv "/env/float")}} {{ls "/"}} {{lsdir "/"}}', "[1] [env] [env]"),
    ],
)
def test_what_the_format_adds(template: str, text: str) -> None:
    assert shown(template) == text


@pytest.mark.parametrize(
    "template", ["{{add true 1}}", '{{div 1 "0"}}', "{{mod 1.5 1}}", "{{seq 1 9999999}}", '{{filter "(" (seq 1 2)}}', "{{eq 1}}"]
)
def test_what_cannot_be_is_an_error_of_the_template(template: str) -> None:
    with pytest.raises(ExecutionError):
        shown(template)


def test_the_time_is_printed_as_go_prints_it() -> None:
    assert Template("{{datetime}}", functions=FUNCTIONS).render()[:2] == "20"
    date, clock, zone, name = FUNCTIONS["datetime"]().split(" ")
    assert (date.count("-"), clock.count(":"), len(zone)) == (2, 2, 5)
    assert name


def test_addresses_are_told_by_their_kind() -> None:
    assert FUNCTIONS["lookupIP"]("127.0.0.1") == FUNCTIONS["lookupIPV4"]("127.0.0.1") == ["127.0.0.1"]
    assert FUNCTIONS["lookupIPV6"]("::1") == ["::1"]
    assert FUNCTIONS["lookupIPV6"]("127.0.0.1") == []
    assert FUNCTIONS["lookupIP"]("no.such.name.invalid") == []
    assert FUNCTIONS["lookupIP"]("x" * 300) == []


INTEGERS = st.integers(-(1 << 63), (1 << 63) - 1)


@given(INTEGERS, INTEGERS)
def test_quotient_and_remainder_belong_together(one: int, other: int) -> None:
    if other == 0 or (one, other) == (-(1 << 63), -1):
        return
    quotient, rest = div(one, other), mod(str(one), str(other))
    assert quotient * other + rest == one
    assert abs(rest) < abs(other)
    assert rest == 0 or (rest < 0) == (one < 0)


@given(st.one_of(st.integers(-99, 99), st.integers(-99, 99).map(str), st.floats(-9, 9)), st.one_of(st.integers(-99, 99), st.floats(-9, 9)))
def test_comparisons_agree_with_each_other(one: object, other: object) -> None:
    if isinstance(one, str):
        assert number(one) == int(one)
    assert [less(one, other), equal(one, other), less(other, one)].count(True) == 1


@given(st.text(alphabet="ab/*?[]-^\\", max_size=6), st.text(alphabet="ab/*-", max_size=6))
def test_a_pattern_is_read_or_refused_and_never_crosses_a_slash(pattern: str, key: str) -> None:
    try:
        matches = matching(pattern)
    except ValueError:
        return
    assert isinstance(matches(key), bool)
    assert not (matches(key) and key.count("/") != pattern.count("/") and "[" not in pattern and "\\" not in pattern)


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[bytes]]:
    """A name server that gives out what the test puts into the list, with the question's own number."""
    answers: list[bytes] = []
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    config = tmp_path / "resolv.conf"
    config.write_text(f"search local\nnameserver 127.0.0.1#{line.getsockname()[1]}\n")
    monkeypatch.setattr(srv, "RESOLVERS", config)

    def answer() -> None:
        while True:
            query, who = line.recvfrom(4096)
            if query == b"end":
                return
            head = query[:2] + struct.pack(">HHHHH", 0x8180, 1, len(answers), 0, 0)
            line.sendto(head + query[12:] + b"".join(answers), who)

    thread = threading.Thread(target=answer)
    thread.start()
    yield answers
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
        ending.sendto(b"end", line.getsockname())
    thread.join()
    line.close()


def record(target: bytes, port: int) -> bytes:
    content = struct.pack(">HHH", 1, 2, port) + target
    return b"\xc0\x0c" + struct.pack(">HHIH", 33, 1, 60, len(content)) + content


def test_services_are_looked_up_in_order(name_server: list[bytes]) -> None:
    name_server += [record(b"\x02db\xc0\x15", 5433), record(b"\x02db\x07example\0", 5432)]
    template = '{{range lookupSRV "pg" "tcp" "example"}}{{.Target}}:{{.Port}}/{{.Priority}}/{{.Weight}} {{end}}'
    assert Template(template, functions=FUNCTIONS).render() == "db.example.:5432/1/2 db.example.:5433/1/2 "


@pytest.mark.parametrize("nonsense", [b"", b"\xc0", b"\xc0\x0c\0\x21\0\x01\0\0\0\0\0\x07\0\x01\0\x02\0\x03\xc0\xff", b"\xff" * 20])
def test_an_answer_that_makes_no_sense_is_none(name_server: list[bytes], nonsense: bytes) -> None:
    name_server.append(nonsense)
    assert FUNCTIONS["lookupSRV"]("pg", "tcp", "example") == []


def test_encrypted_values_are_read_with_the_resource_s_key(tmp_path: Path) -> None:
    if shutil.which("gpg") is None:
        with pytest.raises(ValueError, match="no gpg in this image"):
            Decrypting(Values({"/self/a": "x"}, ("/self",), "/self"), "key").cgetv("/a")
        return
    home = tmp_path / "gpg"
    home.mkdir(mode=0o700)
    gpg = [str(shutil.which("gpg")), "--homedir", str(home), "--batch", "--quiet", "--trust-model", "always"]
    making = ["--passphrase", "", "--quick-generate-key", "test@example.org", "default", "default", "never"]
    subprocess.run([*gpg, *making], check=True, capture_output=True)
    key = subprocess.run([*gpg, "--armor", "--export-secret-keys"], check=True, capture_output=True).stdout
    (tmp_path / "key").write_bytes(key)
    secret = subprocess.run([*gpg, "-r", "test@example.org", "--encrypt"], input=gzip.compress(b"hunter2"), check=True, capture_output=True)
    subprocess.run([str(shutil.which("gpgconf")), "--homedir", str(home), "--kill", "all"], check=True)
    view = {"/self/a": base64.b64encode(secret.stdout).decode(), "/self/b": "x"}
    values = Values(view, ("/self",), "/self")
    functions = Decrypting(values, str(tmp_path / "key")).functions()
    assert functions["cgetv"]("/a") == "hunter2"
    assert functions["cget"]("/a") == {"Key": "/a", "Value": "hunter2"}
    assert functions["cgets"]("/a") == [{"Key": "/a", "Value": "hunter2"}]
    assert functions["cgetvs"]("/a") == ["hunter2"]
    with pytest.raises(ValueError, match="base 64"):
        functions["cgetv"]("/b")
    with pytest.raises(ValueError, match="could not decrypt"):
        Decrypting(values, os.devnull).cgetv("/a")
