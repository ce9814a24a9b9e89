"""A chart and the charts in it, each with the values that it gets: what is asked for one, and checked of one, is so for all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from roadstead.packaging import yamlsafe
from roadstead.packaging.chart import Chart

VALUES = "values.yaml"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One chart; `path` is where its values lie among those of the whole package."""

    path: Path
    chart: Chart
    values: Mapping[str, Any]


def defaults(found: Chart) -> dict[str, Any]:
    """Return the author's values."""
    return yamlsafe.load_mapping(found.files.get(VALUES, b""), VALUES).mapping


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay values over others as Helm does: mappings are merged, null takes a default away, all else replaces it."""
    result = dict(below)
    for key, value in above.items():
        former = result.get(key)
        if value is None and key in result:
            del result[key]
        elif isinstance(value, dict) and isinstance(former, dict):
            result[key] = merged(former, value)
        else:
            result[key] = value
    return result


def parts_of(chart: Chart, values: Mapping[str, Any], path: Path = ()) -> Iterator[Part]:
    """Yield a chart with these values over its own, then the charts in it that are switched on."""
    known = merged(defaults(chart), values)
    yield Part(path, chart, known)
    for key, child in _switched_on(chart, known):
        own = known.get(key)
        everywhere = {"global": known["global"]} if isinstance(known.get("global"), Mapping) else {}
        yield from parts_of(child, merged(everywhere, own if isinstance(own, Mapping) else {}), (*path, key))


def _switched_on(chart: Chart, values: Mapping[str, Any]) -> Iterator[tuple[str, Chart]]:
    """Yield the charts that Helm would render, each with the name that its values have; one may be there several times."""
    declared = chart.metadata.get("dependencies")
    wishes = [one for one in declared if isinstance(one, dict)] if isinstance(declared, list) else []
    for child in chart.children:
        name = child.text("name")
        own = [wish for wish in wishes if wish.get("name") == name]
        for wish in own or [{}]:
            if _is_on(wish, values):
                yield str(wish.get("alias") or name), child


def _is_on(wish: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether a dependency is wanted: the first condition that says so decides, else the tags, of which one is enough."""
    for condition in str(wish.get("condition") or "").split(","):
        said = _at(values, condition.strip())
        if isinstance(said, bool):
            return said
    tags, known = wish.get("tags"), values.get("tags")
    said_of = [known.get(tag) for tag in tags] if isinstance(tags, list) and isinstance(known, Mapping) else []
    told = [said for said in said_of if isinstance(said, bool)]
    return any(told) if told else True


def _at(values: Any, path: str) -> Any:
    for step in path.split("."):
        values = values.get(step) if isinstance(values, Mapping) else None
    return values
