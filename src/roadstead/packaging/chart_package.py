"""A chart that was accepted, opened for values, questions and manifests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import manifests, questions, schema, yamledit, yamlsafe
from roadstead.packaging.chart import Chart
from roadstead.packaging.package import Package, packed
from roadstead.packaging.questions import Form

VALUES = "values.yaml"


@dataclass(frozen=True)
class ChartPackage(Package):
    """The files of a chart; read-only."""

    chart: Chart

    first = VALUES
    values_in = "YAML"
    rendered_as = "manifests.yaml"

    @property
    def values(self) -> str:
        """The author's `values.yaml`, comments included."""
        return self.text(VALUES) if VALUES in self.contents else ""

    @property
    def schema(self) -> Any:
        """The parsed `values.schema.json`, or None."""
        return self.chart.schema

    def chart_archive(self) -> bytes:
        """Return the gzipped tar that Helm takes, whatever was uploaded; the same files give the same bytes."""
        return chart_archive(self.chart)

    def problems_of(self, values: str) -> list[Problem]:
        """Check edited values: safe YAML, a mapping, and together with the defaults what the chart's schema asks for."""
        document = _read(values)
        return list(document.problems) if document.problems else against_schema(self.chart, document.mapping)

    def form_of(self, values: str) -> Form | None:
        """Return what the chart's schema asks for; None without a schema, too."""
        document = _read(values)
        if self.schema is None or document.problems:
            return None
        form = questions.form_of(self.schema, _merged(_defaults(self.chart), document.mapping))
        return form if form.questions else None

    def answered(self, values: str, told: Mapping[str, str]) -> str:
        """Return values with the answers of a form in them; only what differs from before is touched."""
        tree = questions.told_anew(self.form_of(values), told)
        return yamledit.changed(values, tree) if tree else values

    def render(self, values: str, *, name: str, namespace: str) -> manifests.Findings:
        """Render the chart in a process without network."""
        return manifests.render(self.chart_archive(), values, name=name, namespace=namespace)


def chart_archive(chart: Chart) -> bytes:
    """Pack a chart for Helm."""
    return packed({f"{chart.text('name')}/{path}": content for path, content in chart.files.items()})


def against_schema(found: Chart, values: Mapping[str, Any]) -> list[Problem]:
    """Check values, laid over the chart's own, against its schema if it has one."""
    if found.schema is None:
        return []
    return schema.check(found.schema, _merged(_defaults(found), values), VALUES)


def _read(values: str) -> yamlsafe.Document:
    return yamlsafe.load_mapping(values.encode("utf-8", "surrogatepass"), VALUES)


def _defaults(found: Chart) -> dict[str, Any]:
    return yamlsafe.load_mapping(found.files.get(VALUES, b""), VALUES).mapping


def _merged(defaults: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Lay values over defaults as Helm does: mappings are merged, null takes a default away, all else replaces it."""
    merged = dict(defaults)
    for key, value in values.items():
        below = merged.get(key)
        if value is None and key in merged:
            del merged[key]
        elif isinstance(value, dict) and isinstance(below, dict):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged
