"""The page on which categories are kept: which there are, what stands in them, and moving apps from one to another."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.access import may, require
from roadstead.accounts.permissions import Action
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as verbs
from roadstead.core.finding import found
from roadstead.core.forms import Refusable, carried_out
from roadstead.core.pages import actor_of, signed_in
from roadstead.core.paging import page_of
from roadstead.store import selectors
from roadstead.store.errors import NothingChosen
from roadstead.store.models import UNCATEGORIZED
from roadstead.store.shelves import adjust_category, delete_category

if TYPE_CHECKING:
    from roadstead.accounts.models import User

NAV = "categories"


class CategoryForm(Refusable):
    """A category's name in both languages, and its picture; a language without a name shows the other one's."""

    name = forms.CharField(label=gettext_lazy("English name"), required=False, max_length=50)
    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), required=False, max_length=50)
    icon = forms.CharField(initial="category")


@signed_in
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Show every category with its number of apps, and the apps of the chosen one."""
    actor = _keeper(request)
    shelves = selectors.shelves(every=True)
    wanted = request.GET.get("category", "") or shelves[0].id
    chosen = found(catalog.categories(), wanted)
    apps = catalog.with_versions(catalog.apps_visible_to(actor).filter(category=chosen).select_related("provider"))
    page = page_of(apps, cursor=request.GET.get("cursor", ""), order=("-updated_at", "id"), size=50)
    standing = selectors.standing_among([app.pk for app in page])
    context = {
        "nav": NAV,
        "shelves": shelves,
        "chosen": chosen,
        "page": page,
        "rows": [(app, catalog.versions_by_type(app), standing.get(app.pk)) for app in page],
        "others": [shelf for shelf in shelves if shelf.id != chosen.pk],
        "target": request.GET.get("to", ""),
        "uncategorized": UNCATEGORIZED,
        "may_delete": may(actor, Action.DELETE_CATEGORY) and not chosen.is_fixed,
    }
    return render(request, "store/categories.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def category_new(request: HttpRequest) -> HttpResponse:
    """Add a category."""
    actor = actor_of(request)
    require(actor, Action.CREATE_CATEGORY)
    form = CategoryForm(request.POST or None)
    if carried_out(request, form, _made, actor=actor):
        messages.success(request, _("The category is here.\nDevelopers can choose it, and you can move apps to it."))
        return redirect("categories")
    return _form_page(request, form, _("New category"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def category_edit(request: HttpRequest, category_id: str) -> HttpResponse:
    """Change a category's names and picture."""
    actor = actor_of(request)
    category = found(catalog.categories(), category_id)
    require(actor, Action.EDIT_CATEGORY)
    start = {"name": category.names.get("en", category.name), "name_zh": category.names.get("zh-hans", ""), "icon": category.icon}
    form = CategoryForm(request.POST or None, initial=start)
    if carried_out(request, form, _changed, actor=actor, category_id=category_id):
        messages.success(request, _("Saved. The store shows it at once."))
        return _to(category_id)
    return _form_page(request, form, category.word)


@signed_in
@require_POST
def category_delete(request: HttpRequest, category_id: str) -> HttpResponse:
    """Delete a category; whoever confirmed that its apps become uncategorised sends `force`."""
    actor = actor_of(request)
    word = found(catalog.categories(), category_id).word
    require(actor, Action.DELETE_CATEGORY)
    delete_category(actor=actor, category_id=category_id, force="force" in request.POST)
    messages.success(request, _("%(name)s is deleted.\nIts apps are uncategorised.") % {"name": word})
    return redirect("categories")


@signed_in
@require_POST
def category_adjust(request: HttpRequest) -> HttpResponse:
    """Move the chosen apps to another category."""
    actor = _keeper(request)
    chosen = request.POST.getlist("app")
    if not chosen:
        raise NothingChosen(field="app")
    category = found(catalog.categories(), request.POST.get("category", ""))
    moved = adjust_category(actor=actor, app_ids=chosen, category_id=category.pk)
    words = ngettext("%(number)s app moved to %(name)s.", "%(number)s apps moved to %(name)s.", moved)
    messages.success(request, words % {"number": moved, "name": category.word})
    return _to(category.pk)


def _keeper(request: HttpRequest) -> "User":
    actor = actor_of(request)
    require(actor, Action.EDIT_CATEGORY)
    return actor


def _made(*, actor: "User", name: str, name_zh: str, icon: str) -> None:
    verbs.create_category(actor=actor, names={"en": name, "zh-hans": name_zh}, icon=icon)


def _changed(*, actor: "User", category_id: str, name: str, name_zh: str, icon: str) -> None:
    verbs.edit_category(actor=actor, category_id=category_id, names={"en": name, "zh-hans": name_zh}, icon=icon)


def _to(category_id: str) -> HttpResponse:
    return redirect(f"{reverse('categories')}?category={category_id}")


def _form_page(request: HttpRequest, form: CategoryForm, title: str) -> HttpResponse:
    context: dict[str, Any] = {"nav": NAV, "form": form, "title": title, "icons": catalog.category_icons()}
    return render(request, "store/category_form.html", context, status=form.status)
