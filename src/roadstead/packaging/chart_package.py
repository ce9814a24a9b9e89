"""A chart that was accepted, opened for values, questions and manifests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from roadstead.core.problems import Problem
from roadstead.packaging import manifests, questions, schema, yamledit, yamlsafe
from roadstead.packaging.chart import Chart
from roadstead.packaging.package import Package, packed
from roadstead.packaging.parts import VALUES, parts_of
from roadstead.packaging.questions import Form

__all__ = ["VALUES", "ChartPackage", "against_schema", "chart_archive"]


@dataclass(frozen=True)
class ChartPackage(Package):
    """The files of a chart; read-only."""

    chart: Chart

    values_in = "YAML"

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
        """Return what the schemas of the chart and of those in it ask for; None without any, too."""
        document = _read(values)
        if document.problems:
            return None
        form = questions.form_of_all(
            questions.Asked(part.chart.schema, part.values, part.path)
            for part in parts_of(self.chart, document.mapping)
            if part.chart.schema is not None
        )
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
    """Check values, laid over the chart's own, against its schema and those of the charts in it; what two of them say is told once."""
    told: dict[tuple[str, str], Problem] = {}
    for part in parts_of(found, values):
        if part.chart.schema is not None:
            for problem in schema.check(part.chart.schema, part.values, VALUES):
                where = ".".join((*part.path, *filter(None, [problem.where])))
                told.setdefault((where, problem.message), replace(problem, where=where))
    return list(told.values())


def _read(values: str) -> yamlsafe.Document:
    return yamlsafe.load_mapping(values.encode("utf-8", "surrogatepass"), VALUES)
