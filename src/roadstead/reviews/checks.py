"""The automatic checks of a submission: what the package's own facts prove, and what they can't."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from roadstead.core.problems import Words

CHECK_WORDS: dict[str, Words] = {
    "structure": _("Package structure and manifest"),
    "render": _("Templates render with their defaults"),
    "schema": _("Values are described by a schema"),
    "floating-images": _("Images are named by version"),
    "image-scan": _("Image vulnerability scan"),
}
DETAIL_WORDS: dict[str, Words] = {
    "files": _("%(count)d files"),
    "objects": _("%(count)d objects"),
    "no-schema": _("No values.schema.json"),
    "floating": _("Floating tag: %(images)s"),
    "no-scanner": _("No scanner is connected"),
}


@dataclass(frozen=True)
class CheckResult:
    """One check: its code, how it ended, and the detail beside it (a code of `DETAIL_WORDS` with parameters)."""

    code: str
    result: str
    detail: str = ""
    params: Mapping[str, Any] | None = None


def checks_of(facts: Mapping[str, Any]) -> list[CheckResult]:
    """Return what the facts that were gathered at the upload say; a check that can't run says so."""
    files, images = facts["files"], facts["images"]
    floating = [image for image in images if _is_floating(image)]
    has_schema = any(file["path"] == "values.schema.json" for file in files)
    return [
        CheckResult("structure", "passed", "files", {"count": len(files)}),
        CheckResult("render", "passed", "objects", {"count": sum(facts["kinds"].values())}),
        CheckResult("schema", "passed") if has_schema else CheckResult("schema", "warning", "no-schema"),
        CheckResult("floating-images", "warning", "floating", {"images": ", ".join(floating)})
        if floating
        else CheckResult("floating-images", "passed"),
        CheckResult("image-scan", "not-run", "no-scanner"),
    ]


def _is_floating(image: str) -> bool:
    name = image.rsplit("/", 1)[-1]
    return "@" not in image and (":" not in name or name.endswith(":latest"))


def check_title(code: str) -> str:
    """A check's name in the reader's language."""
    return str(CHECK_WORDS[code])


def check_detail(params: Mapping[str, Any]) -> str:
    """The words beside a check's result."""
    detail = params.get("detail", "")
    return str(DETAIL_WORDS[detail]) % params if detail else ""
