"""Promise I13 for kubeconfigs: every refusal that is declared has a case in the corpus, and its words are asserted in both languages."""

from pathlib import Path

import pytest
from django.utils import translation

from roadstead.core.problems import ProblemKind
from roadstead.providers.kubernetes import problems
from roadstead.providers.kubernetes.kubeconfig import check
from roadstead.providers.kubernetes.tests.test_kubeconfig import REFUSED

# Code, English, Chinese: the first line of what is said in the first case of the corpus that meets it.
_BLOCKS = Path(__file__).with_name("kubeconfig_words.txt").read_text().strip().split("\n\n")
SAID = {code: words for code, *words in (block.split("\n") for block in _BLOCKS)}


def declared() -> set[str]:
    kinds = {kind.code for kind in vars(problems).values() if isinstance(kind, ProblemKind)}
    return {code for code in kinds if code.startswith("kubeconfig_")}


def test_every_refusal_has_a_case_and_words() -> None:
    assert {code for _text, found in REFUSED for _where, code in found} == declared() == set(SAID)


@pytest.mark.parametrize("code", sorted(SAID))
def test_each_says_what_is_wrong_in_both_languages(code: str) -> None:
    text = next(text for text, found in REFUSED if code in {one for _where, one in found})
    problem = next(problem for problem in check(text).problems if problem.code == code)
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(problem.message.partition("\n")[0])
    assert said == SAID[code]
