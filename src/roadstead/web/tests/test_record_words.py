"""Whatever is put on record is said in words on the page of the record: verbs, and particulars.

What has no words yet is shown as it is stored. One may be newer than its words; several of them are a gap.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from django.utils.translation import override

import roadstead
from roadstead.accounts.deeds import DEEDS
from roadstead.accounts.particulars import NAMES, particulars_of
from roadstead.audit.models import Event
from roadstead.catalog.track import Verb
from roadstead.clusters.operations import Operation

FEW = 3
# What a verb that is put together while it runs can become.
MADE = {"version.": {verb.value for verb in Verb}, "cluster.": {operation.value for operation in Operation}}


def recorded() -> Iterator[ast.Call]:
    """Every place in the sources that records something under a verb of its own."""
    root = Path(roadstead.__file__).parent
    for path in root.rglob("*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield from (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if _records(node))


def _records(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record" and len(node.args) == 3


def verbs(call: ast.Call) -> set[str]:
    match call.args[1]:
        case ast.Constant(value=str(verb)):
            return {verb}
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), _, *rest]):
            end = "".join(str(one.value) for one in rest if isinstance(one, ast.Constant))
            return {start + middle + end for middle in MADE[start]}
    return set()


def test_verbs_have_words() -> None:
    found = {verb for call in recorded() for verb in verbs(call)}
    assert len(found) > 60
    assert len(found - set(DEEDS)) <= FEW, found - set(DEEDS)


def test_particulars_have_names() -> None:
    found = {keyword.arg for call in recorded() for keyword in call.keywords if keyword.arg}
    assert len(found) > 25
    assert len(found - set(NAMES)) <= FEW, found - set(NAMES)


@pytest.mark.parametrize(
    ("data", "english", "chinese"),
    [
        (
            {"stage": "business", "verdict": "reject", "reason": "No terms"},
            ["Stage: Business review", "Verdict: reject", "Reason: No terms"],
            ["环节: 商务审核", "结论: 拒绝", "原因: No terms"],
        ),
        (
            {"before": "draft", "status": "submitted"},
            ["State before: draft", "State after: waiting for review"],
            ["之前状态: 待提交", "之后状态: 等待审核"],
        ),
        ({"results": {"a": "passed", "b": "passed", "c": "warning"}}, ["Results: passed 2, warning 1"], ["结果: 已通过 2、警告 1"]),
        ({"fields": ["icon", "readme"]}, ["What was edited: icon, instructions"], ["编辑内容: 图标、使用说明"]),
        ({"debug": True, "lapsed": False}, ["Test: yes", "The claim had lapsed: no"], ["测试: 是", "占用已过期: 否"]),
        (
            {"problems": ["unreachable", "forbidden"], "digest": "0123456789abcdef"},
            ["Problems found: 2", "Package: 0123456789ab"],
            ["发现的问题: 2", "安装包: 0123456789ab"],
        ),
        ({"role": "developer", "former": None}, ["Role: Developer"], ["角色: 开发者"]),
        ({"claimant": None, "fields": [], "reason": ""}, [], []),
        ({"something-new": "as it is"}, ["something-new: as it is"], ["something-new: as it is"]),
    ],
)
def test_particulars_are_said_in_words(data: dict[str, object], english: list[str], chinese: list[str]) -> None:
    for language, words in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert [f"{one.name}: {one.value}" for one in particulars_of(Event(verb="x.y", data=data))] == words
