"""The pages of those who keep people: the list, the page of one, adding."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts import people, selectors, services
from roadstead.accounts.access import may
from roadstead.accounts.models import Portal, User
from roadstead.accounts.people_forms import EditPersonForm, PersonForm, RoleForm
from roadstead.accounts.permissions import Action
from roadstead.accounts.states import USER_STATES
from roadstead.core.errors import Missing, NotPermitted
from roadstead.core.finding import found
from roadstead.core.forms import carried_out
from roadstead.core.pages import actor_of, require_proof, safe_next, signed_in
from roadstead.core.paging import page_of


def keeper_of(request: HttpRequest) -> User:
    """Return who is signed in, if they keep people."""
    actor = actor_of(request)
    if not selectors.manages_people(actor):
        raise NotPermitted
    return actor


def keeper_at(request: HttpRequest) -> User:
    """Return who is signed in, if they keep people; to others nothing is here, whatever the id."""
    actor = actor_of(request)
    if not selectors.manages_people(actor):
        raise Missing
    return actor


@signed_in
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """List the people in reach, by name, role, state and portal."""
    actor = keeper_of(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("role", "status", "portal")}
    words = request.GET.get("q", "").strip()
    rows = selectors.people_listed(actor, words=words, **asked)
    context = {
        "nav": "people",
        "page": page_of(rows, cursor=request.GET.get("cursor", ""), order=("-created",)),
        "words": words,
        **asked,
        "roles": selectors.roles_visible_to(actor).order_by("portal", "name"),
        "given": selectors.roles_given_by(actor).order_by("portal", "name"),
        "states": USER_STATES.values(),
        "portals": _portals(actor),
        **_bulk(actor),
    }
    return render(request, "accounts/people.html", context)


def _bulk(actor: User) -> dict[str, object]:
    """Return what can be done to several people at once."""
    moves = may(actor, Action.JOIN_GROUP) and may(actor, people.keeper_action(actor))
    return {
        "may_set_role": may(actor, Action.SET_ROLE),
        "may_move": moves,
        "may_choose": moves or may(actor, Action.SET_ROLE),
        "places": selectors.groups_visible_to(actor).order_by("path") if moves else [],
    }


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person and show their password, this once."""
    actor = keeper_of(request)
    form = PersonForm(request.POST or None, roles=selectors.roles_given_by(actor), groups=selectors.groups_visible_to(actor))
    made: list[tuple[User, str]] = []
    if carried_out(request, form, lambda **fields: made.append(people.add_person(actor=actor, **fields))):
        return _password(request, *made[0])
    context = {
        "nav": "people",
        "crumbs": [(reverse("people"), _("People"))],
        "title": _("Add person"),
        "intro": _("They get a generated password, which you pass on."),
        "form": form,
        "verb": _("Add person"),
    }
    return render(request, "frame/form.html", context, status=form.status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, user_id: str) -> HttpResponse:
    """Show one person, and let what is known of them be changed."""
    actor = keeper_at(request)
    user = found(selectors.people_visible_to(actor).select_related("role", "group"), user_id)
    groups = [group for group in selectors.groups_visible_to(actor) if group.root_id == user.group.root_id] or [user.group]
    initial = {"name": user.name, "group": user.group_id, "description": user.description}
    form = EditPersonForm(request.POST or None, groups=groups, initial=initial)
    if carried_out(request, form, people.edit_person, actor=actor, user_id=user_id):
        messages.success(request, _("Saved."))
        return redirect("person", user_id)
    context = {
        "nav": "people",
        "shown": user,
        "form": form,
        "roles": RoleForm(roles=selectors.roles_given_by(actor), initial={"role": user.role_id}),
        "themselves": user == actor,
        "may_set_role": may(actor, Action.SET_ROLE),
        "may_close": may(actor, Action.DELETE_USER),
        "asked": request.GET.get("ask", ""),
    }
    return render(request, "accounts/person.html", context, status=form.status)


@signed_in
@require_POST
def people_role(request: HttpRequest) -> HttpResponse:
    """Give the ticked people one role."""
    ids = request.POST.getlist("person")
    given = people.set_roles(actor=keeper_of(request), user_ids=ids, role_id=request.POST.get("role", ""))
    if given:
        words = ngettext("%(number)s person has the role “%(role)s” now.", "%(number)s people have the role “%(role)s” now.", len(given))
        messages.success(request, words % {"number": len(given), "role": given[0].role.title})
    else:
        messages.warning(request, _("Tick the people first."))
    return redirect(safe_next(request, reverse("people")))


@signed_in
@require_POST
def people_move(request: HttpRequest) -> HttpResponse:
    """Put the ticked people into one department."""
    ids = request.POST.getlist("person")
    group, moved = people.move_people(actor=keeper_of(request), user_ids=ids, group_id=request.POST.get("group", ""))
    if moved:
        words = ngettext("%(number)s person is in “%(group)s” now.", "%(number)s people are in “%(group)s” now.", len(moved))
        messages.success(request, words % {"number": len(moved), "group": group.name})
    else:
        messages.warning(request, _("Tick the people first."))
    return redirect(safe_next(request, reverse("people")))


@never_cache
@signed_in
@require_POST
def person_password(request: HttpRequest, user_id: str) -> HttpResponse:
    """Give a person a new password and show it, this once."""
    require_proof(request)
    return _password(request, *people.set_password(actor=keeper_at(request), user_id=user_id))


@signed_in
@require_POST
def person_role(request: HttpRequest, user_id: str) -> HttpResponse:
    """Give a person another role."""
    return _done(request, user_id, services.set_role, _("The role was changed."), role_id=request.POST.get("role", ""))


@signed_in
@require_POST
def person_suspend(request: HttpRequest, user_id: str) -> HttpResponse:
    """Refuse a person's sign-in."""
    return _done(request, user_id, services.suspend_user, _("They can't sign in any more."))


@signed_in
@require_POST
def person_reactivate(request: HttpRequest, user_id: str) -> HttpResponse:
    """Let a suspended person in again."""
    return _done(request, user_id, services.reactivate_user, _("They can sign in again."))


@signed_in
@require_POST
def person_delete(request: HttpRequest, user_id: str) -> HttpResponse:
    """Close an account for good."""
    return _done(request, user_id, services.delete_user, _("The account is closed. What the person made stays under their name."))


def _done(request: HttpRequest, user_id: str, verb: Callable[..., Any], words: str, **more: str) -> HttpResponse:
    verb(actor=keeper_at(request), user_id=user_id, **more)
    messages.success(request, words)
    return redirect("person", user_id)


def _password(request: HttpRequest, user: User, password: str) -> HttpResponse:
    return render(request, "accounts/password_shown.html", {"nav": "people", "shown": user, "password": password})


def _portals(actor: User) -> list[tuple[str, str]]:
    """Return the tabs of the list: all portals for those who keep all of them."""
    if actor.role.portal != Portal.ADMIN:
        return []
    return [("", _("All")), (Portal.ADMIN, _("Platform")), (Portal.PROVIDER, _("Providers")), (Portal.USER, _("Regular users"))]
