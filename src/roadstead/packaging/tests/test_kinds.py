"""Every kind of problem has a case with its words in both languages."""

from roadstead.core.problems import ProblemKind
from roadstead.packaging import kinds
from roadstead.packaging.tests import test_archive, test_chart, test_rendering, test_schema


def test_each_kind_is_asserted_somewhere() -> None:
    declared = {kind.code for kind in vars(kinds).values() if isinstance(kind, ProblemKind)}
    cases = [*test_archive.CASES, *test_archive.SMALL_CASES, *test_chart.CASES, *test_rendering.CASES, test_schema.COSTLY]
    said = {case.code for case in cases} | {case.code for case, _, _ in test_schema.CASES} | {row[1] for row in test_rendering.FAILURES}
    assert declared == said
