"""Charts for tests, made from texts."""

import io
import tarfile

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    "values.yaml": "replicas: 1\n",
    "templates/config.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {n: {{ .Values.replicas | quote }}}\n"
    ),
}


def chart(**templates: str) -> bytes:
    """Return the small chart as a gzipped tar, with templates of these names beside its own."""
    return archive({**CHART, **{f"templates/{name}.yaml": text for name, text in templates.items()}})


def archive(files: dict[str, str]) -> bytes:
    """Pack files below a folder `demo`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as target:
        for path, text in files.items():
            member = tarfile.TarInfo(f"demo/{path}")
            member.size = len(text.encode())
            target.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()
