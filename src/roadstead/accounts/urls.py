"""Addresses of signing in and out; the names are those that allauth asks for."""

from django.urls import path

from roadstead.accounts import views

urlpatterns = [
    path("accounts/login/", views.SignInView.as_view(), name="account_login"),
    path("accounts/logout/", views.SignOutView.as_view(), name="account_logout"),
    path("accounts/suspended/", views.SuspendedView.as_view(), name="account_inactive"),
    path("accounts/persona/<str:persona_id>", views.persona, name="persona"),
    path("home", views.home, name="home"),
]
