"""What developers enter: packages, the app's information, update logs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.selectors import platform_rules
from roadstead.catalog.selectors import categories
from roadstead.catalog.services import MOST_SCREENSHOTS, PICTURE_BYTES
from roadstead.core.errors import DomainError
from roadstead.core.problems import Problem
from roadstead.core.times import size

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from roadstead.catalog.models import App

ARCHIVES = ".tgz,.tar.gz,.tar,.tar.bz2,.zip"
PICTURES = ".png,.jpg,.jpeg,.webp"


class Refusable(forms.Form):
    """A form that can show what a service refused: at its field, or above the form; `problems` are the particulars."""

    problems: Sequence[Problem] = ()

    @classmethod
    def of(cls, request: "HttpRequest", **initial: str) -> Self:
        """Return the form as it was sent, or as it starts."""
        return cls(request.POST, request.FILES, initial=initial) if request.method == "POST" else cls(initial=initial)

    def refuse(self, error: DomainError) -> None:
        """Put a refusal where the person who sent the form looks for it."""
        self.problems = error.problems
        self.add_error(error.field if error.field in self.fields else None, error.message)

    @property
    def status(self) -> int:
        """The HTTP answer of the page that shows this form."""
        return 422 if self.is_bound and self.errors else 200


def package_limit() -> int:
    """Return how large an uploaded package may be, in bytes."""
    return platform_rules().limits.upload_bytes


def _package_rule() -> str:
    rule = gettext("A .tgz, .tar.gz, .tar, .tar.bz2 or .zip of at most %(size)s, with one folder at its top")
    return rule % {"size": size(package_limit())}


class PackageForm(Refusable):
    """One package."""

    package = forms.FileField(
        label=_("Package"),
        help_text=lazy(_package_rule, str)(),
        widget=forms.FileInput(attrs={"accept": ARCHIVES}),
        error_messages={"required": _("Choose the package file."), "empty": _("This file is empty. Choose another one.")},
    )

    def clean_package(self) -> "UploadedFile[Any]":
        """Refuse a file above the limit before anything reads it."""
        file: UploadedFile[Any] = self.cleaned_data["package"]
        if (file.size or 0) > package_limit():
            words = gettext("The file has %(found)s, and a package may have %(wanted)s at most.")
            raise ValidationError(words % {"found": size(file.size or 0), "wanted": size(package_limit())})
        return file


class LogForm(Refusable):
    """What is new in a version."""

    description = forms.CharField(
        label=_("Update log"),
        required=False,
        max_length=2_000,
        help_text=_("What is new in this version; at most 2,000 characters. Reviewers and the store show it"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class NewVersionForm(PackageForm, LogForm):
    """A package with its update log."""

    field_order = ("package", "description")


class IconForm(Refusable):
    """The picture of an app."""

    icon = forms.FileField(
        label=_("Icon"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 2 MiB; 384 × 384 looks best. Without one, the app keeps its flag"),
        widget=forms.FileInput(attrs={"accept": PICTURES}),
    )

    def icon_bytes(self) -> bytes:
        """Return the uploaded picture, or nothing; one above the limit is cut just beyond it, so that its check refuses it."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("icon")
        return file.read(PICTURE_BYTES + 1) if file else b""


class FilesField(forms.FileField):
    """Several files in one field; what comes out is a list."""

    class Input(forms.FileInput):
        """The control, which lets more than one file be chosen."""

        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check each of the files."""
        sent = data if isinstance(data, list) else [data]
        return [forms.FileField.clean(self, one, initial) for one in sent or [None]]


class ScreenshotsForm(Refusable):
    """Pictures to add to those that an app has."""

    screenshots = FilesField(
        label=_("Add screenshots"),
        help_text=_("PNG, JPEG or WebP, at most 2 MiB each; 1,600 pixels wide looks best. Up to six, better at least three"),
        widget=FilesField.Input(attrs={"accept": PICTURES, "multiple": True}),
        error_messages={"required": _("Choose at least one picture."), "empty": _("This file is empty. Choose another one.")},
    )

    def pictures(self) -> list[bytes]:
        """Return the uploaded pictures, one more than may be at most; each is cut just beyond the limit, so that its check refuses it."""
        return [file.read(PICTURE_BYTES + 1) for file in self.cleaned_data["screenshots"][: MOST_SCREENSHOTS + 1]]


def _shelves() -> list[tuple[str, str]]:
    return [(category.pk, category.word) for category in categories()]


class InformationForm(IconForm):
    """The app's information as the store will show it."""

    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("1–50 characters; you can change it later"))
    introduction = forms.CharField(
        label=_("Introduction"), max_length=200, required=False, help_text=_("One sentence on the app's card; at most 200 characters")
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        required=False,
        help_text=_("Markdown. What the app does and for whom"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    category_id = forms.ChoiceField(
        label=_("Category"), choices=_shelves, required=False, help_text=_("The shelf of the store on which people look for it")
    )
    home = forms.CharField(
        label=_("Website"),
        max_length=200,
        required=False,
        help_text=_("With https:// or http:// in front"),
        validators=[URLValidator(schemes=["https", "http"], message=_("This isn't a web address. It starts with https:// or http://."))],
        widget=forms.URLInput(),
    )
    remove_icon = forms.BooleanField(label=_("Remove the icon; the app shows its flag again"), required=False)
    field_order = ("name", "introduction", "description", "category_id", "icon", "remove_icon", "home")

    @property
    def removes_icon(self) -> bool:
        """Whether the app is to show its flag again."""
        return bool(self.cleaned_data["remove_icon"])

    def fields_of_app(self) -> dict[str, str]:
        """Return the texts that change, ready for `services.edit_app`."""
        unsaid = {"icon", "remove_icon"} | (set() if self.cleaned_data["category_id"] else {"category_id"})
        return {name: value for name, value in self.cleaned_data.items() if name not in unsaid}


class TextForm(Refusable):
    """One long Markdown text of an app: its instructions or its terms."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=100_000,
        strip=False,
        help_text=_("Markdown; at most 100,000 characters"),
        widget=forms.Textarea(attrs={"rows": 22, "class": "rs-code"}),
    )


def information_of(app: "App") -> dict[str, str]:
    """Return what the information form starts with."""
    return {name: getattr(app, name) for name in ("name", "introduction", "description", "category_id", "home")}
