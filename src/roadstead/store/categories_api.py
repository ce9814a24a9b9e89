"""Categories for programs."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.repeating import once
from roadstead.catalog import selectors as catalog
from roadstead.catalog import services as verbs
from roadstead.core.api import Id
from roadstead.core.pages import actor_of
from roadstead.store import shelves
from roadstead.store.working import AppsOfCategory, Category, CategoryWish, Moved

READ, WRITE = Bearer(Scope.APPS_READ), Bearer(Scope.APPS_WRITE)
category_router = Router(tags=["categories"])


@category_router.get("", response=list[Category], auth=READ, operation_id="list_categories")
def list_categories(request: HttpRequest) -> list[Category]:  # noqa: ARG001  # django-ninja hands it over
    """Return every category, the one of apps without a category last."""
    return [Category.of(row) for row in catalog.categories()]


@category_router.post("", response={201: Category}, auth=WRITE, operation_id="create_category")
@once
def create_category(request: HttpRequest, sent: CategoryWish) -> Category:
    """Add a category."""
    return Category.of(verbs.create_category(actor=actor_of(request), names=sent.names, icon=sent.icon))


@category_router.patch("/{category_id}", response=Category, auth=WRITE, operation_id="edit_category")
def edit_category(request: HttpRequest, category_id: Id, sent: CategoryWish) -> Category:
    """Change a category's names and picture."""
    return Category.of(verbs.edit_category(actor=actor_of(request), category_id=category_id, names=sent.names, icon=sent.icon))


@category_router.delete("/{category_id}", response={204: None}, auth=WRITE, operation_id="delete_category")
def delete_category(request: HttpRequest, category_id: Id, force: Query[bool] = False) -> HttpResponse:
    """Delete a category; by `force` also one with apps, which become uncategorised."""
    shelves.delete_category(actor=actor_of(request), category_id=category_id, force=force)
    return HttpResponse(status=204)


@category_router.post("/{category_id}/apps", response=Moved, auth=WRITE, operation_id="move_to_category")
def move_to_category(request: HttpRequest, category_id: Id, sent: AppsOfCategory) -> Moved:
    """Put apps into a category; the store shows it at once."""
    return Moved(moved=shelves.adjust_category(actor=actor_of(request), app_ids=sent.apps, category_id=category_id))
