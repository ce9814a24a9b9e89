"""A template of 300 lines, as a configuration of a cluster is written: how long it takes to read, and to render."""

import statistics
import time
from collections.abc import Callable

from gotext import Template

ROUNDS, LINES, TARGET = 60, 300, 5

SECTION = """{{- range $i, $node := .nodes }}
[{{ $node.name }}]
address = {{ $node.address }}
port = {{ $node.port }}
role = {{ printf "%-8s|%q" $node.role $node.role }}
# between the parts
{{- if eq $node.role "primary" }}
server_id = {{ $i }}
{{- else if $node.zone }}
zone = {{ $node.zone }}
{{- else }}
replica = true
{{- end }}
{{- with index $.settings $node.role }}
buffer = {{ .buffer }}
timeout = {{ .timeout }}
{{- end }}

{{- end }}
; the end of this section
"""
ROLES = ("primary", "replica", "proxy")
DATA = {
    "nodes": [
        {"name": f"node-{at}", "address": f"10.0.0.{at}", "port": 3306 + at, "role": role, "zone": ""} for at, role in enumerate(ROLES)
    ],
    "settings": {role: {"buffer": 128, "timeout": 1.5} for role in ROLES},
}


def milliseconds(work: Callable[[], object]) -> list[float]:
    """Return how much of the processor each round took, sorted: what else the machine does is not its doing."""
    took = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        took.append((time.process_time() - started) * 1_000)
    return sorted(took)


def main() -> None:
    """Print the figures."""
    text = SECTION * (LINES // SECTION.count("\n"))
    template = Template(text)
    rows = {"read": milliseconds(lambda: Template(text)), "render": milliseconds(lambda: template.render(DATA))}
    print(f"a template of {text.count(chr(10))} lines, {len(template.render(DATA))} bytes of output")
    for name, took in rows.items():
        print(f"{name:30}{took[0]:7.1f}{statistics.median(took):8.1f}{took[-1]:7.1f}  ms (min, median, max)")
    print(f"target for rendering: {TARGET} ms: {'met' if statistics.median(rows['render']) <= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
