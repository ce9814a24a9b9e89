"""Reviews as a Django app."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Submissions, claims, decisions, evidence."""

    name = "roadstead.reviews"
    label = "reviews"
