"""Addresses of the frame's switches."""

from django.urls import path

from roadstead.web import views

urlpatterns = [path("scheme", views.scheme, name="scheme")]
