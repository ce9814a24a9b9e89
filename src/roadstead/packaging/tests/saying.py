"""What a problem says, in both languages."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils import translation

from roadstead.core.problems import Problem


class Case(NamedTuple):
    """A package that is wrong, and all that must be told about it."""

    id: str
    data: Callable[[], bytes]
    code: str
    file: str
    where: str
    english: str
    chinese: str

    def holds(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        problem = next((problem for problem in problems if problem.code == self.code), None)
        assert problem is not None, [found.as_dict() for found in problems]
        assert (problem.file, problem.where) == (self.file, self.where)
        with translation.override("en"):
            assert problem.message == self.english
        with translation.override("zh-hans"):
            assert problem.message == self.chinese
        assert Problem.from_store(problem.to_store()) == problem
