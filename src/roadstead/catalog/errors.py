"""What the catalog refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, NotPermitted, WrongState


class VersionInWrongState(WrongState):
    """The transition table has no such pair."""

    code = "app_version_incorrect_status"
    words = _("The version is “%(state)s” now, so this can't be done. Reload the page to see what can.")


class VersionExists(Invalid):
    """A version number is used once per app and delivery type."""

    code = "app_version_exists"
    words = _("Version %(name)s of this app exists already. Raise the version in the package and upload it again.")


class PackageRefused(Invalid):
    """The package has problems; all of them are listed."""

    code = "package_refused"
    words = _("The package needs corrections. Mend what is listed and upload it again.")


class PackageOfAnotherType(Invalid):
    """A version keeps its delivery type, and an upload must be of the type that was chosen."""

    code = "package_of_another_type"
    words = _("This is a %(found)s package, but a %(wanted)s package is needed here.")


class PackageOfAnotherApp(Invalid):
    """A new version's package carries the name of its app's first package."""

    code = "app_name_conflict_with_package"
    words = _("The package is named “%(found)s”, but this app's packages are named “%(wanted)s”.")


class AppNameTaken(Invalid):
    """Two apps of one provider never share a name."""

    code = "app_name_taken"
    words = _("There is an app named “%(name)s” already. Add a new version to it, or choose another name in the package.")


class AppLocked(WrongState):
    """App information is locked while a version is in review."""

    code = "app_version_in_review"
    words = _("The information is locked while a version is reviewed. It opens again when the review ends.")


class VersionsLeft(WrongState):
    """An app with versions can't be deleted."""

    code = "exists_no_delete_versions"
    words = _("The app still has versions. Delete them first.")


class NoProvider(NotPermitted):
    """Apps belong to a provider."""

    code = "no_provider"
    words = _("Apps are offered by a provider, and you aren't part of one yet. Ask a provider to add you to its team.")


class PictureRefused(Invalid):
    """Not an image that can be decoded, or too large."""

    code = "image_decode_failed"
    words = _("This can't be read as a PNG, JPEG or WebP picture of at most 2 MiB. SVG isn't accepted; export it as PNG.")


class CategoryNameTaken(Invalid):
    """Two categories never share a name."""

    code = "category_name_taken"
    words = _("There is a category named “%(name)s” already. Choose another name.")


class CategoryNameless(Invalid):
    """A category needs a name in at least one language."""

    code = "category_nameless"
    words = _("Enter a name.")


class UnknownCategoryIcon(Invalid):
    """The picture of a category is one of those on offer."""

    code = "unknown_category_icon"
    words = _("Choose one of the pictures on offer.")


class FixedCategory(WrongState):
    """The shelf of apps without a category is always there."""

    code = "cannot_delete_default_category"
    words = _("This category holds the apps that have no other one, so it can't be deleted.")


class CategoryInUse(WrongState):
    """A category that has apps is deleted only by those who know that its apps become uncategorised."""

    code = "delete_resources_failed"
    words = _("Apps are in this category. If you delete it all the same, they become uncategorised.")


class TooManyScreenshots(Invalid):
    """The store shows six at most."""

    code = "too_many_screenshots"
    words = _("An app has at most %(most)s screenshots. Delete one before you add another.")
