"""What a check tells about a package."""

from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from roadstead.core.problems import Problem, ProblemDict

Delivery = Literal["vm", "helm"]


class ReportDict(TypedDict):
    """The outward shape of a report: what the command and the API show."""

    ok: bool
    delivery: Delivery | None
    name: str
    version: str
    digest: str
    problems: list[ProblemDict]
    warnings: list[ProblemDict]


class RoleFacts(TypedDict):
    """A role with the package's own answers: how many nodes, and what each of them takes. Memory in MiB, storage in GiB."""

    role: str
    image: str
    count: int
    replica: int
    cpu: int
    memory: int
    storage: int


@dataclass(frozen=True)
class PackageFile:
    """A file of a package by its path below the top folder; `size` in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class Report:
    """The findings of one check. The same bytes give the same report; `digest` is the SHA-256 of the upload as it is."""

    digest: str
    delivery: Delivery | None = None
    name: str = ""
    version: str = ""
    app_version: str = ""
    description: str = ""
    home: str = ""
    icon_url: str = ""
    kube_version: str = ""
    deprecated: bool = False
    keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    maintainers: tuple[dict[str, str], ...] = ()
    files: tuple[PackageFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()  # worth knowing, no reason to refuse
    manifests: str = ""
    values: str = ""
    readme: str = ""
    images: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # such as "apps/v1/Deployment"
    network_isolated: bool = False
    roles: tuple[RoleFacts, ...] = ()  # of a package for machines

    @property
    def ok(self) -> bool:
        """Whether the package can be accepted."""
        return not self.problems

    @property
    def version_name(self) -> str:
        """The name a version gets from its package: `1.0.0`, or `1.0.0 [1.2]` when the packaged software has a version too."""
        return f"{self.version} [{self.app_version}]" if self.app_version else self.version

    def as_dict(self) -> ReportDict:
        """Return the outward shape, in the active language."""
        return {
            "ok": self.ok,
            "delivery": self.delivery,
            "name": self.name,
            "version": self.version,
            "digest": self.digest,
            "problems": [problem.as_dict() for problem in self.problems],
            "warnings": [problem.as_dict() for problem in self.warnings],
        }

    def facts(self) -> dict[str, Any]:
        """Return what a version keeps of its package, as JSON without words; long texts stay in the package."""
        return {
            "delivery": self.delivery,
            "name": self.name,
            "version": self.version,
            "app_version": self.app_version,
            "description": self.description,
            "home": self.home,
            "icon_url": self.icon_url,
            "kube_version": self.kube_version,
            "deprecated": self.deprecated,
            "keywords": list(self.keywords),
            "sources": list(self.sources),
            "maintainers": list(self.maintainers),
            "files": [{"path": file.path, "size": file.size} for file in self.files],
            "images": list(self.images),
            "kinds": list(self.kinds),
            "network_isolated": self.network_isolated,
            "roles": list(self.roles),
        }
