"""Addresses of the review pages."""

from django.urls import path

from roadstead.reviews import views

urlpatterns = [
    path("workbench/reviews", views.review_queue, name="reviews"),
    path("workbench/reviews/<str:submission_id>", views.review, name="review"),
    path("workbench/reviews/<str:submission_id>/claim", views.claim, name="review_claim"),
    path("workbench/reviews/<str:submission_id>/take-over", views.take_over, name="review_take_over"),
    path("workbench/reviews/<str:submission_id>/force", views.force, name="review_force"),
    path("workbench/reviews/<str:submission_id>/force/answer", views.answer_force, name="review_force_answer"),
    path("workbench/reviews/<str:submission_id>/release", views.release, name="review_release"),
    path("workbench/reviews/<str:submission_id>/pass", views.pass_stage, name="review_pass"),
    path("workbench/reviews/<str:submission_id>/reject", views.reject, name="review_reject"),
    path("workbench/reviews/<str:submission_id>/check", views.recheck, name="review_check"),
    path("workbench/reviews/<str:submission_id>/test", views.test_deployment, name="review_test"),
    path("workbench/reviews/<str:submission_id>/package", views.package, name="review_package"),
]
