"""Reviews as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Submissions, claims, decisions, evidence."""

    name = "roadstead.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Learn how test deployments end, and say which files are named; models must be there first."""
        import_module("roadstead.clusters.services").register_witness(import_module("roadstead.reviews.trials").note_end)
        import_module("roadstead.blobs.services").register_naming(import_module("roadstead.reviews.naming").digests)
