"""Addresses of signing in and out (their names are those that allauth asks for), of people, roles, departments and rules."""

from django.urls import path

from roadstead.accounts import audit_views, own_views, people_views, role_views, token_views, views

urlpatterns = [
    path("accounts/login/", views.SignInView.as_view(), name="account_login"),
    path("accounts/logout/", views.SignOutView.as_view(), name="account_logout"),
    path("accounts/suspended/", views.SuspendedView.as_view(), name="account_inactive"),
    path("accounts/confirm", views.confirm, name="account_confirm"),
    path("accounts/persona/<str:persona_id>", views.persona, name="persona"),
    path("home", views.home, name="home"),
    path("workbench/account", own_views.account, name="account"),
    path("workbench/account/password", own_views.account_password, name="account_password"),
    path("workbench/account/tokens", token_views.token_list, name="tokens"),
    path("workbench/account/tokens/<str:token_id>/revoke", token_views.token_revoke, name="token_revoke"),
    path("workbench/audit", audit_views.audit, name="audit"),
    path("workbench/settings", own_views.platform_settings, name="platform_settings"),
    path("workbench/people", people_views.people_list, name="people"),
    path("workbench/people/new", people_views.person_new, name="person_new"),
    path("workbench/people/role", people_views.people_role, name="people_role"),
    path("workbench/people/move", people_views.people_move, name="people_move"),
    path("workbench/people/<str:user_id>", people_views.person, name="person"),
    path("workbench/people/<str:user_id>/role", people_views.person_role, name="person_role"),
    path("workbench/people/<str:user_id>/password", people_views.person_password, name="person_password"),
    path("workbench/people/<str:user_id>/suspend", people_views.person_suspend, name="person_suspend"),
    path("workbench/people/<str:user_id>/reactivate", people_views.person_reactivate, name="person_reactivate"),
    path("workbench/people/<str:user_id>/delete", people_views.person_delete, name="person_delete"),
    path("workbench/departments", role_views.department_list, name="departments"),
    path("workbench/departments/<str:group_id>/rename", role_views.department_rename, name="department_rename"),
    path("workbench/departments/<str:group_id>/delete", role_views.department_delete, name="department_delete"),
    path("workbench/roles", role_views.role_list, name="roles"),
    path("workbench/roles/new", role_views.role_new, name="role_new"),
    path("workbench/roles/<str:role_id>", role_views.role, name="role"),
    path("workbench/roles/<str:role_id>/permissions", role_views.role_grants, name="role_grants"),
    path("workbench/roles/<str:role_id>/delete", role_views.role_delete, name="role_delete"),
]
