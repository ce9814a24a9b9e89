"""The pages of roles and of departments."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts import departments, roles, selectors
from roadstead.accounts.access import may
from roadstead.accounts.models import DataLevel, Role
from roadstead.accounts.people_forms import NameForm, RoleNameForm, said
from roadstead.accounts.people_views import keeper_at, keeper_of
from roadstead.accounts.permissions import Action, module_of
from roadstead.accounts.tree import grantable, levels_of, tree_of
from roadstead.core.errors import Invalid
from roadstead.core.finding import found
from roadstead.core.forms import carried_out
from roadstead.core.pages import signed_in


@signed_in
@require_safe
def role_list(request: HttpRequest) -> HttpResponse:
    """List the roles of the platform or the company; locked ones carry a lock."""
    actor = keeper_of(request)
    context = {"nav": "people", "tab": "roles", "roles": selectors.roles_listed(actor), "may_create": may(actor, Action.CREATE_ROLE)}
    return render(request, "accounts/roles.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def role_new(request: HttpRequest) -> HttpResponse:
    """Make a role; what it may do is ticked on its page."""
    actor = keeper_of(request)
    form = RoleNameForm(request.POST or None)
    made: list[Role] = []
    if carried_out(request, form, lambda **fields: made.append(roles.create_role(actor=actor, **fields))):
        messages.success(request, _("The role is there. Tick what it may do."))
        return redirect("role", made[0].pk)
    context = {
        "nav": "people",
        "crumbs": [(reverse("roles"), _("Roles"))],
        "title": _("Create role"),
        "form": form,
        "verb": _("Create role"),
    }
    return render(request, "frame/form.html", context, status=form.status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, role_id: str) -> HttpResponse:
    """Show what a role may do; POST changes its name."""
    actor = keeper_at(request)
    row = found(selectors.roles_visible_to(actor).prefetch_related("grants"), role_id)
    form = RoleNameForm(request.POST or None, initial={"name": row.name, "description": row.description})
    if carried_out(request, form, roles.edit_role, actor=actor, role_id=role_id):
        messages.success(request, _("Saved."))
        return redirect("role", role_id)
    editable = selectors.may_edit_role(actor, row)
    context = {
        "nav": "people",
        "role": row,
        "tree": tree_of(row),
        "levels": levels_of(row.portal),
        "form": form,
        "editable": editable,
        "own": row.pk == actor.role_id,
        "asked": request.GET.get("ask", ""),
    }
    return render(request, "accounts/role.html", context, status=form.status)


@signed_in
@require_POST
def role_grants(request: HttpRequest, role_id: str) -> HttpResponse:
    """Save the ticks and data ranges of a role."""
    actor = keeper_at(request)
    row = found(selectors.roles_visible_to(actor), role_id)
    ticked = set(request.POST.getlist("action"))
    wanted: dict[str, tuple[DataLevel, list[Action]]] = {}
    for action in grantable(row.portal):
        if action in ticked:
            module = module_of(action)
            wanted.setdefault(module, (_level(request.POST.get(f"level-{module}", "")), []))[1].append(action)
    roles.set_grants(actor=actor, role_id=role_id, wanted=wanted)
    messages.success(request, _("Saved. It holds from the next click of everybody who has this role."))
    return redirect("role", role_id)


@signed_in
@require_POST
def role_delete(request: HttpRequest, role_id: str) -> HttpResponse:
    """Delete a role that nobody has."""
    deleted = roles.delete_role(actor=keeper_at(request), role_id=role_id)
    messages.success(request, _("The role “%(role)s” is gone.") % {"role": deleted.title})
    return redirect("roles")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def department_list(request: HttpRequest) -> HttpResponse:
    """Show the tree of departments; POST adds one below `parent`."""
    actor = keeper_of(request)
    form = NameForm(request.POST or None)
    parent = request.POST.get("parent", "")
    if carried_out(request, form, departments.add_department, actor=actor, parent_id=parent):
        messages.success(request, _("The department is there."))
        return redirect("departments")
    rows = [(group, said(group), group.path.count(".")) for group in selectors.groups_listed(actor)]
    context = {"nav": "people", "tab": "departments", "rows": rows, "form": form, "parent": parent}
    return render(request, "accounts/departments.html", context, status=form.status)


@signed_in
@require_POST
def department_rename(request: HttpRequest, group_id: str) -> HttpResponse:
    """Call a department something else."""
    actor, form = keeper_at(request), NameForm(request.POST)
    found(selectors.groups_visible_to(actor), group_id)
    if not form.is_valid():
        raise Invalid(field="name")
    departments.rename_department(actor=actor, group_id=group_id, name=form.cleaned_data["name"])
    messages.success(request, _("Saved."))
    return redirect("departments")


@signed_in
@require_POST
def department_delete(request: HttpRequest, group_id: str) -> HttpResponse:
    """Delete an empty department."""
    departments.delete_department(actor=keeper_at(request), group_id=group_id)
    messages.success(request, _("The department is gone."))
    return redirect("departments")


def _level(text: str) -> DataLevel:
    if text not in set(DataLevel):
        raise Invalid(field="level")
    return DataLevel(text)
