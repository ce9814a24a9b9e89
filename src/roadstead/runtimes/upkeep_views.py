"""The pages that change environments, and those of saved credentials."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from roadstead.accounts.access import may, require
from roadstead.accounts.permissions import Action
from roadstead.core.finding import found
from roadstead.core.forms import carried_out
from roadstead.core.pages import actor_of, confirm_name, signed_in
from roadstead.core.paging import page_of
from roadstead.core.web_types import Context
from roadstead.runtimes import registry, selectors, upkeep
from roadstead.runtimes.forms import ContentForm, CredentialNameForm, RenameForm, SwitchForm
from roadstead.runtimes.models import Environment
from roadstead.runtimes.states import Status


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def environment_edit(request: HttpRequest, environment_id: str) -> HttpResponse:
    """Change an environment's name and note."""
    environment = _editable(request, environment_id)
    form = RenameForm(request.POST or None, initial={"name": environment.name, "description": environment.description})
    if carried_out(request, form, upkeep.edit_environment, actor=actor_of(request), environment_id=environment_id):
        messages.success(request, _("Saved."))
        return redirect("environment", environment_id)
    return _form(request, environment, {"title": _("Edit"), "form": form, "verb": _("Save")})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def environment_credential(request: HttpRequest, environment_id: str) -> HttpResponse:
    """Let an environment sign in with another saved credential."""
    actor, environment = actor_of(request), _editable(request, environment_id)
    saved = selectors.credentials_of_owner(actor, environment)
    form = SwitchForm(request.POST or None, saved=saved, initial={"credential": environment.credential_id})

    def switch(credential: str) -> Environment:
        return upkeep.switch_credential(actor=actor, environment_id=environment_id, credential_id=credential)

    if carried_out(request, form, switch):
        messages.success(request, _("The environment signs in with the chosen credential now. It was tried and works."))
        return redirect("environment", environment_id)
    return _form(request, environment, {"title": _("Switch credential"), "form": form, "verb": _("Try and use it")})


@signed_in
@require_POST
def environment_check(request: HttpRequest, environment_id: str) -> HttpResponse:
    """Ask the place now and show what was found."""
    checked = upkeep.check_environment(actor=actor_of(request), environment_id=environment_id)
    if not checked.problems:
        messages.success(request, _("It answers and grants the rights that deployments need."))
    return redirect("environment", environment_id)


@signed_in
@require_POST
def environment_delete(request: HttpRequest, environment_id: str) -> HttpResponse:
    """Delete an environment whose name was typed."""
    actor = actor_of(request)
    environment = selectors.environment_for(actor, environment_id)
    confirm_name(request, environment.name)
    upkeep.delete_environment(actor=actor, environment_id=environment_id)
    messages.success(request, _("The environment “%(name)s” is gone. Its namespace is as it was.") % {"name": environment.name})
    return redirect("environments")


@signed_in
@require_safe
def credentials(request: HttpRequest) -> HttpResponse:
    """List the saved credentials that a person may see the facts of."""
    page = page_of(selectors.credential_rows(actor_of(request)), cursor=request.GET.get("cursor", ""), order=("-created_at",))
    return render(request, "runtimes/credentials.html", {"nav": "environments", "page": page, "tab": "credentials"})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def credential(request: HttpRequest, credential_id: str) -> HttpResponse:
    """Show one credential, what uses it, and let its name be changed."""
    actor = actor_of(request)
    row = found(selectors.credentials_visible_to(actor).select_related("owner"), credential_id)
    form = CredentialNameForm(request.POST or None, initial={"name": row.name})
    if carried_out(request, form, upkeep.edit_credential, actor=actor, credential_id=credential_id):
        messages.success(request, _("Saved."))
        return redirect("credential", credential_id)
    context = {
        "nav": "environments",
        "credential": row,
        "provider": selectors.provider_title(row.provider),
        "users": row.environments.filter(status=Status.ACTIVE).select_related("credential").order_by("name", "pk"),
        "form": form,
        "may_edit": may(actor, Action.EDIT_CREDENTIAL, row),
        "may_delete": may(actor, Action.DELETE_CREDENTIAL, row),
        "asked": request.GET.get("ask", ""),
    }
    return render(request, "runtimes/credential.html", context, status=form.status)


@never_cache
@sensitive_post_parameters("content")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def credential_content(request: HttpRequest, credential_id: str) -> HttpResponse:
    """Replace what a credential holds."""
    actor = actor_of(request)
    row = found(selectors.credentials_visible_to(actor), credential_id)
    require(actor, Action.EDIT_CREDENTIAL, row)
    place = registry.provider(row.provider)
    form = ContentForm(request.POST or None, provider=place)
    if carried_out(request, form, upkeep.replace_credential, actor=actor, credential_id=credential_id):
        messages.success(request, _("Replaced. It was tried in every environment that uses it."))
        return redirect("credential", credential_id)
    context = {
        "nav": "environments",
        "crumbs": [(reverse("credentials"), _("Credentials")), (reverse("credential", args=[row.pk]), row.name)],
        "title": _("Replace content"),
        "intro": _("It must be for the same cluster. It is tried in every environment that uses it; one failure leaves all as it was."),
        "form": form,
        "verb": _("Try and replace"),
        "asks": place.asks,
    }
    return render(request, "runtimes/content.html", context, status=form.status)


@signed_in
@require_POST
def credential_delete(request: HttpRequest, credential_id: str) -> HttpResponse:
    """Forget a credential whose name was typed."""
    actor = actor_of(request)
    row = found(selectors.credentials_visible_to(actor), credential_id)
    confirm_name(request, row.name)
    upkeep.delete_credential(actor=actor, credential_id=credential_id)
    messages.success(request, _("The credential “%(name)s” is gone.") % {"name": row.name})
    return redirect("credentials")


def _editable(request: HttpRequest, environment_id: str) -> Environment:
    environment = selectors.environment_for(actor_of(request), environment_id)
    require(actor_of(request), Action.EDIT_ENVIRONMENT, environment)
    return environment


def _form(request: HttpRequest, environment: Environment, context: Context) -> HttpResponse:
    crumbs = [(reverse("environments"), _("Environments")), (reverse("environment", args=[environment.pk]), environment.name)]
    return render(request, "frame/form.html", {"nav": "environments", "crumbs": crumbs, **context}, status=context["form"].status)
