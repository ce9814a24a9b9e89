"""The difference of two charts of 200 files each: which files, every line of them, and what it means for whoever runs the app."""

import statistics
import time

from roadstead.packaging import services as packaging
from roadstead.packaging.factories import chart

FILES, ROUNDS, TARGET = 200, 7, 300

OBJECT = """---
# Source: demo/templates/app-{number}.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{number}
  labels:
    helm.sh/chart: demo-{version}
spec:
  replicas: {replicas}
  template:
    spec:
      containers:
        - name: web
          image: example.com/app-{number}:{version}
          ports:
            - {{name: http, containerPort: 80}}
          resources:
            limits: {{cpu: 500m, memory: 256Mi}}
"""
LINES = "\n".join(f"# line {number} of what people write around it" for number in range(60))


def version(number: int) -> tuple[packaging.Package, str]:
    """Return a package and what it renders to; every second template of the second version is another one."""
    objects = {at: OBJECT.format(number=at, version=1 + (number - 1) * (at % 2), replicas=number) for at in range(FILES - 2)}
    files = {f"templates/app-{at}.yaml": f"{text}{LINES}\n" for at, text in objects.items()}
    package = packaging.open_package(chart({**files, "templates/app.yaml": None}))
    return package, "".join(objects.values())


def once(before: tuple[packaging.Package, str], after: tuple[packaging.Package, str]) -> tuple[float, int, int]:
    """Return the milliseconds of one comparison, and how many files and things changed."""
    started = time.perf_counter()
    marked = packaging.file_marks(before[0], after[0])
    for path in marked:
        packaging.compare(before[0].text(path), after[0].text(path))
    changed = packaging.changes("helm", before[1], after[1])
    return (time.perf_counter() - started) * 1_000, len(marked), len(changed)


def main() -> None:
    """Print the figures."""
    before, after = version(1), version(2)
    rounds = [once(before, after) for _ in range(ROUNDS + 1)][1:]
    took = sorted(milliseconds for milliseconds, _, _ in rounds)
    print(f"difference of two charts of {FILES} files: {rounds[0][1]} files and {rounds[0][2]} things changed")
    print(f"{'':30}{took[0]:7.0f}{statistics.median(took):8.0f}{took[-1]:7.0f}  ms (min, median, max)")
    print(f"target: {TARGET} ms: {'met' if statistics.median(took) <= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
