"""Templates that nobody wrote: gotext says what Go says, and never anything but that or an error of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import template_grammar
from go_original import HAS_GO, NO_GO, Case, Original, answered
from gotext import GotextError, Limits, MissingKey, Template

KNOWN = (
    "complex numbers",
    "calling slice: index out of range",
    "calling slice: invalid slice index",
    "exceeded maximum template depth",
)
Made = tuple[str, Any, MissingKey]
# The same examples at every run; new ones are looked for in the long run.
STEADY = settings(max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
LONG = settings(STEADY, max_examples=20_000, derandomize=False)
TIGHT = Limits(steps=300, output=200, depth=5)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """Go."""
    with Original.built(tmp_path_factory.mktemp("go")) as process:
        yield process


def agree(original: Original, made: Made) -> None:
    """Ask both; what README names as a difference is none here."""
    template, data, missing_key = made
    case = Case(template, data, {"missing_key": missing_key})
    ours = answered(case)
    if is_known(ours.get("error", "")):
        return
    assert ours == original.answer([case])[0]


def is_known(error: str) -> bool:
    """Whether an error is one of the differences: complex numbers, the room behind part of a list, how deep templates may go."""
    return any(words in error for words in KNOWN)


@pytest.mark.skipif(not HAS_GO, reason=NO_GO)
@STEADY
@given(made=template_grammar.cases())
def test_both_say_the_same(original: Original, made: Made) -> None:
    agree(original, made)


@pytest.mark.long
@pytest.mark.skipif(not HAS_GO, reason=NO_GO)
@LONG
@given(made=template_grammar.cases())
def test_both_say_the_same_for_long(original: Original, made: Made) -> None:
    agree(original, made)


@STEADY
@given(made=template_grammar.cases())
def test_nothing_comes_out_but_output_within_limits_or_an_error(made: Made) -> None:
    template, data, missing_key = made
    try:
        output = Template(template, missing_key=missing_key).render_bytes(data, limits=TIGHT)
    except GotextError:
        return
    assert len(output) <= TIGHT.output
