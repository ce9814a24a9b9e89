"""What Go answered, case by case; and that Go still answers so, where there is Go."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import golden_cases
from go_original import HAS_GO, NO_GO, Case, Original, answered

KEPT: dict[str, Any] = json.loads(golden_cases.ANSWERS.read_text())
CASES: list[tuple[Case, dict[str, str]]] = [golden_cases.recorded(kept) for kept in KEPT["cases"]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """Go."""
    with Original.built(tmp_path_factory.mktemp("go")) as process:
        yield process


@pytest.mark.parametrize("part", range(20))
def test_every_answer_is_gos(part: int) -> None:
    share = CASES[part::20]
    assert share
    assert [(case.template, case.options, answered(case)) for case, _ in share] == [
        (case.template, case.options, answer) for case, answer in share
    ]


def test_the_answers_are_those_of_the_cases() -> None:
    """A case that was added without asking Go anew, or taken out, shows here: run `python gotext/tests/golden_cases.py`."""
    assert [case for case, _ in CASES] == golden_cases.cases()
    assert len(CASES) >= 500


def test_there_are_outputs_and_errors_among_them() -> None:
    kinds = [next(iter(answer)) for _, answer in CASES]
    assert kinds.count("output") > 300
    assert kinds.count("error") > 300
    assert kinds.count("hex") > 3


@pytest.mark.skipif(not HAS_GO, reason=NO_GO)
def test_go_still_answers_so(original: Original) -> None:
    answers = original.answer([case for case, _ in CASES])
    changed = [(case.template, answer, now) for (case, answer), now in zip(CASES, answers, strict=True) if answer != now]
    assert changed == [], f"written down by {KEPT['go']}, and this is {original.version}"
