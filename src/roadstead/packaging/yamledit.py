"""Changes single values of a YAML text and leaves everything else of it as it was typed: comments, order, quotes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from roadstead.packaging import yamlsafe

Tree = Mapping[str, Any]
"""What changes, nested as in the text; whatever isn't a mapping is a new value."""

Edit = tuple[int, int, str]

_NUMBER = re.compile(r"[-+]?(\d[\d.]*e[-+]?\d+|0[obx][\da-f]+)|[yn]", re.IGNORECASE)


def changed(text: str, tree: Tree) -> str:
    """Return a text that says what `text` says, but for what `tree` changes. `text` must be a mapping that `yamlsafe` has read.

    A text that can't be changed in place (anchors that other places use) is written anew, without its comments.
    """
    wanted = merged(_read(text) or {}, tree)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        edited = _added(text, tree) if root is None else _with(text, _edits(text, root, tree, wanted))
        if _same(_read(edited), wanted):
            return edited
    except (yaml.YAMLError, RecursionError):
        pass
    return _block(wanted)


def merged(below: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    """Lay a tree over a mapping; unlike Helm's own merging, a value of null stays."""
    result = dict(below)
    for key, value in tree.items():
        inner = result.get(key)
        result[key] = merged(inner if isinstance(inner, dict) else {}, value) if isinstance(value, Mapping) else value
    return result


def _read(text: str) -> Any:
    return yamlsafe.load(text, "").value


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types: 1, 1.0 and true are three things to repr, and one to ==."""
    return repr(one) == repr(other)


def _with(text: str, edits: Iterator[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edits(text: str, node: yaml.Node, tree: Tree, wanted: Mapping[str, Any]) -> Iterator[Edit]:
    """Find what to replace below a mapping, and where what it lacks is put."""
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        yield node.start_mark.index, _end(node), _flow(wanted)
        return
    found = {str(key.value): (key, value) for key, value in node.value}
    for key, value in tree.items():
        if key in found:
            yield from _replaced(text, *found[key], value, wanted[key])
    missing = {key: wanted[key] for key in tree if key not in found}
    if missing:
        line_end = text.find("\n", _end(node))
        place = len(text) if line_end < 0 else line_end
        yield place, place, "\n" + _indented(_block(missing), node.start_mark.column).rstrip("\n")


def _replaced(text: str, key: yaml.Node, node: yaml.Node, value: Any, wanted: Any) -> Iterator[Edit]:
    if isinstance(value, Mapping) and isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        yield from _edits(text, node, value, wanted)
        return
    start, end = node.start_mark.index, _end(node)
    if isinstance(node, yaml.ScalarNode):
        style = node.style if isinstance(wanted, str) and node.style in ("'", '"') else None
        rest = "\n" if text[start:end].endswith("\n") else ""
        # Where nothing stands after the colon, the place is right behind it.
        yield start, end, (" " if start == end else "") + _flow(wanted, style) + rest
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style and isinstance(wanted, list) and wanted:
        yield start, end, _indented(_block(wanted), node.start_mark.column).strip()
    elif node.start_mark.line > key.end_mark.line:
        colon = text.index(":", key.end_mark.index)
        yield colon + 1, end, " " + _flow(wanted)
    else:
        yield start, end, _flow(wanted)


def _end(node: yaml.Node) -> int:
    """Return where a node's own text ends; the library counts the comments after a block to it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _added(text: str, tree: Tree) -> str:
    """Append to a text that says nothing, but may have comments."""
    kept = text if not text or text.endswith("\n") else f"{text}\n"
    return kept + _block(merged({}, tree))


def _block(value: Any) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10_000))


def _flow(value: Any, style: str | None = None) -> str:
    # Quoted where the library would read a text in what another YAML reads as a number.
    if isinstance(value, str) and ("\n" in value or _NUMBER.fullmatch(value)):
        style = '"'
    shown: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=True, default_style=style, width=10_000)
    return shown.removesuffix("\n").removesuffix("\n...")


def _indented(block: str, column: int) -> str:
    return "\n".join(" " * column + line if line else line for line in block.split("\n"))
