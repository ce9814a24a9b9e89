"""The automatic checks of a version: what its package and the objects it makes prove, and what they can't."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from roadstead.blobs import services as blobs
from roadstead.core.problems import Words
from roadstead.packaging import services as packaging
from roadstead.reviews.difference import UNREADABLE, text_of
from roadstead.reviews.images import floats, naming_of

if TYPE_CHECKING:
    from roadstead.catalog.models import Version

CHECK_WORDS: dict[str, Words] = {
    "structure": _("Package structure and manifest"),
    "render": _("Templates render with their defaults"),
    "schema": _("Values are described by a schema"),
    "floating-images": _("Images are named by version"),
    "node-ports": _("No fixed node ports"),
    "host-access": _("No access to the host"),
    "limits": _("Containers have CPU and memory limits"),
    "probes": _("Containers have probes"),
    "cluster-scope": _("Stays inside its namespace"),
    "known-fields": _("Every field is known and has an effect"),
    "lifecycle": _("Every role can be started and stopped"),
    "languages": _("Questions are there in both languages"),
    "image-scan": _("Image vulnerability scan"),
}
DETAIL_WORDS: dict[str, Words] = {
    "files": _("%(count)d files"),
    "objects": _("%(count)d objects"),
    "roles": _("Roles: %(count)d"),
    "known-fields": "%(values)s",
    "lifecycle": _("Missing: %(values)s"),
    "languages": _("Missing: %(values)s"),
    "no-schema": _("No values.schema.json"),
    "floating": _("Floating tag: %(images)s"),
    "tagged": _("%(count)d by tag, without a digest"),
    "no-scanner": _("No scanner is connected"),
    "unreadable": _("The package can't be opened"),
    "node-ports": _("Fixed: %(values)s"),
    "host-access": "%(values)s",
    "limits": _("Missing: %(values)s"),
    "probes": _("None: %(values)s"),
    "cluster-scope": "%(values)s",
}
# What a reviewer hardly ever lets pass, and what they only should have seen.
_CONCERNS = {"node-ports": "warning", "host-access": "failed", "limits": "warning", "probes": "warning", "cluster-scope": "warning"}
_MOST_PLACES = 20
_NAMED = 3


@dataclass(frozen=True)
class CheckResult:
    """One check: its code, how it ended, and what is stored beside it: a code of `DETAIL_WORDS` with its parameters, and places."""

    code: str
    result: str
    params: Mapping[str, Any] = field(default_factory=dict)


def examine(version: "Version") -> list[CheckResult]:
    """Run every check on a version's bytes; one that can't run says so. Reads the package: never call it inside a transaction."""
    found = _OF_TYPE[version.type](version)
    structure = CheckResult("structure", "passed", {"detail": "files", "count": len(version.facts["files"])})
    return [structure, *found, CheckResult("image-scan", "not-run", {"detail": "no-scanner"})]


def _of_chart(version: "Version") -> list[CheckResult]:
    facts = version.facts
    has_schema = any(file["path"] == "values.schema.json" for file in facts["files"])
    return [
        CheckResult("render", "passed", {"detail": "objects", "count": sum(facts["kinds"].values())}),
        CheckResult("schema", "passed") if has_schema else CheckResult("schema", "warning", {"detail": "no-schema"}),
        _of_images(facts),
        *_of_objects(version),
    ]


def _of_machines(version: "Version") -> list[CheckResult]:
    """Check a package for machines: what its cluster names, and whether people can read what they are asked."""
    facts = version.facts
    warnings = facts.get("warnings", [])
    found = [CheckResult("render", "passed", {"detail": "roles", "count": len(facts.get("roles", []))}), _of_images(facts)]
    found.append(_told("known-fields", [f"{one['file']}: {one['where']}" for one in warnings]))
    try:
        package = packaging.open_vm(blobs.read(version.package))
        cluster = blobs.read(facts["manifests"]).decode()
    except UNREADABLE:
        return [*found, *(CheckResult(code, "not-run", {"detail": "unreadable"}) for code in ("lifecycle", "languages"))]
    return [*found, _told("lifecycle", packaging.lacking_services(cluster)), _told("languages", packaging.lacking_words(package))]


def _told(code: str, values: Sequence[str]) -> CheckResult:
    if not values:
        return CheckResult(code, "passed")
    told = ", ".join(values[:_NAMED]) + (" …" if len(values) > _NAMED else "")
    return CheckResult(code, "warning", {"detail": code, "values": told})


def _of_images(facts: Mapping[str, Any]) -> CheckResult:
    images = facts["images"]
    floating = [image for image in images if floats(image)]
    if floating:
        return CheckResult("floating-images", "warning", {"detail": "floating", "images": ", ".join(floating)})
    return CheckResult("floating-images", "passed", _of_tags(images))


def _of_tags(images: Sequence[str]) -> Mapping[str, Any]:
    """Say how many images are named by tags: those can be moved, so test deployments note what ran."""
    tagged = sum(naming_of(image) == "tag" for image in images)
    return {"detail": "tagged", "count": tagged} if tagged else {}


def _of_objects(version: "Version") -> list[CheckResult]:
    try:
        package = packaging.open_package(blobs.read(version.package))
        manifests = blobs.read(version.facts["manifests"]).decode()
    except UNREADABLE:
        return [CheckResult(code, "not-run", {"detail": "unreadable"}) for code in _CONCERNS]
    found = packaging.concerns(manifests, lambda path: text_of(package, path) or "")
    return [_of_concerns(code, [one for one in found if one.code == code]) for code in _CONCERNS]


def _of_concerns(code: str, found: list[packaging.Concern]) -> CheckResult:
    if not found:
        return CheckResult(code, "passed")
    values = list(dict.fromkeys(one.value for one in found))
    told = ", ".join(values[:_NAMED]) + (" …" if len(values) > _NAMED else "")
    places = [{"file": one.file, "line": one.line, "name": one.name, "value": one.value} for one in found[:_MOST_PLACES]]
    return CheckResult(code, _CONCERNS[code], {"detail": code, "values": told, "places": places})


_OF_TYPE: "Mapping[str, Callable[[Version], list[CheckResult]]]" = {"helm": _of_chart, "vm": _of_machines}


def check_title(code: str) -> str:
    """A check's name in the reader's language."""
    return str(CHECK_WORDS[code])


def check_detail(params: Mapping[str, Any]) -> str:
    """The words beside a check's result."""
    detail = params.get("detail", "")
    return str(DETAIL_WORDS[detail]) % params if detail else ""
