"""The forms of environments and credentials."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roadstead.core.forms import Refusable
from roadstead.runtimes import registry
from roadstead.runtimes.places import asks_zone
from roadstead.runtimes.registry import Provider
from roadstead.runtimes.selectors import provider_title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from roadstead.runtimes.models import Credential

USUAL = "kubernetes"
_MONO = {"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off", "class": "rs-mono"}


class EnvironmentForm(forms.Form):
    """Where it is, how Roadstead signs in there, and what people call it."""

    provider = forms.ChoiceField(label=_("Platform"), widget=forms.HiddenInput())
    credential_id = forms.ChoiceField(
        label=_("Credential"), required=False, help_text=_("One that you saved before, or a new one that you paste below")
    )
    content = forms.CharField(
        strip=False, required=False, max_length=256 * 1024, widget=forms.Textarea(attrs={**_MONO, "rows": 12, "wrap": "off"})
    )
    zone = forms.CharField(
        label=_("Namespace"),
        help_text=_("Lower-case letters, digits and hyphens. It is created if it isn't there, and belongs to this environment alone."),
        max_length=63,
        widget=forms.TextInput(attrs=_MONO),
    )
    name = forms.CharField(label=_("Name"), help_text=_("1–50 characters, as people will see it when they deploy"), max_length=50)
    description = forms.CharField(
        label=_("Note"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Up to 1,000 characters")
    )
    debug = forms.BooleanField(
        label=_("Test environment"),
        required=False,
        help_text=_("For trying versions before they are in the store; nothing else runs there"),
    )

    def __init__(self, *args: Any, purposes: list[bool], saved: "Iterable[Credential]" = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer([credential for credential in saved if credential.provider == self.asked_provider.id])
        choice = self.fields["provider"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, provider_title(name)) for name in registry.names()]
        provider = self.asked_provider
        self.initial["provider"] = provider.id
        self.fields["content"].label, self.fields["content"].help_text = str(provider.asks.label), str(provider.asks.rule)
        if not asks_zone(provider):
            del self.fields["zone"]
        # Who may make only one kind isn't asked which.
        if len(purposes) == 1:
            del self.fields["debug"]
        self._only = purposes[0]

    def clean(self) -> dict[str, Any]:
        """Ask for something to sign in with."""
        if not self.cleaned_data.get("credential_id") and not self.cleaned_data.get("content", "").strip() and "content" not in self.errors:
            self.add_error("content", forms.Field.default_error_messages["required"])
        return self.cleaned_data

    @property
    def asked_provider(self) -> Provider:
        """The provider whose credential is asked for: the one that was chosen, else the usual one."""
        wanted = self.data.get("provider") or self.initial.get("provider")
        known = registry.names()
        return registry.provider(next(name for name in (wanted, USUAL, *known) if name in known))

    def wish(self) -> dict[str, Any]:
        """Return what was asked for, for `create_environment`."""
        return {"debug": self._only, "zone": "", **self.cleaned_data}

    def _offer(self, saved: "list[Credential]") -> None:
        """Offer the saved credentials; who has none isn't asked, and must paste one."""
        choice = self.fields["credential_id"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("A new one, pasted below")), *[(one.pk, _said(one)) for one in saved]]
        if not saved:
            del self.fields["credential_id"]
            self.fields["content"].required = True


class RenameForm(Refusable):
    """What people call an environment."""

    name = forms.CharField(label=_("Name"), help_text=_("1–50 characters, as people will see it when they deploy"), max_length=50)
    description = forms.CharField(
        label=_("Note"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Up to 1,000 characters")
    )


class SwitchForm(Refusable):
    """Another saved credential for an environment."""

    credential = forms.ChoiceField(
        label=_("Credential"), help_text=_("For the same cluster. It is tried in the namespace of this environment before it is used")
    )

    def __init__(self, *args: Any, saved: "Iterable[Credential]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["credential"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.pk, _said(one)) for one in saved]


class CredentialNameForm(Refusable):
    """What people call a credential."""

    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("1–50 characters"))


class ContentForm(Refusable):
    """New content of a credential."""

    content = forms.CharField(strip=False, max_length=256 * 1024, widget=forms.Textarea(attrs={**_MONO, "rows": 12, "wrap": "off"}))

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["content"].label, self.fields["content"].help_text = str(provider.asks.label), str(provider.asks.rule)


def _said(credential: "Credential") -> str:
    words = (
        credential.name,
        str(_("Test")) if credential.debug else "",
        credential.summary.get("user", ""),
        credential.summary.get("server", ""),
    )
    return " · ".join(filter(None, words))
