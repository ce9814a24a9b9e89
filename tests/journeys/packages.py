"""The small charts that the stories are about; they run in any cluster."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from roadstead.packaging.factories import tgz
from roadstead.packaging.services import pack_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "wordpress" / "helm"

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: {name}\nversion: {number}\ndescription: A small web server\n",
    "README.md": "# {name}\n",
    "values.yaml": "# How many pods\nreplicas: 1\ngreeting: hello from {number}\n",
    "templates/app.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  replicas: {{ .Values.replicas }}\n"
        "  selector: {matchLabels: {app: {{ .Release.Name }}}}\n  template:\n    metadata: {labels: {app: {{ .Release.Name }}}}\n"
        "    spec: {containers: [{name: web, image: nginx:1.29}]}\n"
    ),
    "templates/greeting.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {greeting: {{ .Values.greeting | quote }}}\n"
    ),
    "templates/service.yaml": (
        "apiVersion: v1\nkind: Service\nmetadata: {name: {{ .Release.Name }}}\n"
        "spec: {selector: {app: {{ .Release.Name }}}, ports: [{port: 80}]}\n"
    ),
}
# A pod for which no node will ever be good enough, so that its deployment waits until somebody cancels.
NOWHERE = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\nspec:\n"
    "  selector: {matchLabels: {app: {{ .Release.Name }}}}\n  template:\n    metadata: {labels: {app: {{ .Release.Name }}}}\n"
    "    spec: {nodeSelector: {nowhere: at-all}, containers: [{name: web, image: nginx:1.29}]}\n"
)


def packed(name: str, number: str = "1.0.0", **changes: str) -> bytes:
    """Return the small chart under a name and number, with some of its files (`values`, `schema`, `app` …) changed."""
    named = {path: text.replace("{name}", name, 1).replace("{number}", number) for path, text in CHART.items()}
    places = {"values": "values.yaml", "schema": "values.schema.json"}
    files = named | {places.get(part, f"templates/{part}.yaml"): text for part, text in changes.items()}
    return tgz(files, name)


def wordpress(name: str, **defaults: Any) -> bytes:
    """Return the walkthrough's application under a name of its own, with other values (at the top of its tree) than the author's."""
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(EXAMPLE, Path(folder) / name))
        values = copy / "values.yaml"
        values.write_text(yaml.safe_dump(_merged(yaml.safe_load(values.read_text()), defaults), sort_keys=False))
        chart = copy / "Chart.yaml"
        chart.write_text(chart.read_text().replace("name: wordpress\n", f"name: {name}\n", 1))
        return pack_folder(copy)


def machines(name: str) -> bytes:
    """Return the walkthrough's application for machines under a name of its own."""
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(EXAMPLE.with_name("vm"), Path(folder) / name))
        package = copy / "package.json"
        package.write_text(package.read_text().replace('"name": "wordpress"', f'"name": "{name}"', 1))
        return pack_folder(copy)


def _merged(values: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    inner = {key: _merged(values[key], other) for key, other in others.items() if isinstance(values.get(key), dict)}
    return values | others | inner
