"""Forms of projects and of one's own settings."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.accounts.models import User
from studio.board import vocabulary
from studio.board.models import Project
from studio.forms.fields import Line
from studio.generation.tiers import QUALITIES
from studio.lib import text

ASPECTS = [(word.code, word.label) for word in vocabulary.ASPECTS]
WORDS_AT_MOST = 40
OWN = {
    "shot_size": "Shot sizes",
    "angle": "Angles",
    "framing": "Framings",
    "lens": "Lenses",
    "movement": "Movements",
    "time_of_day": "Times of day",
}


class ProjectForm(forms.Form):
    """A new project."""

    title = Line(
        max_length=120,
        error_messages={"required": "A project needs a title."},
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(choices=Project.Kind, initial=Project.Kind.STORYBOARD, widget=forms.RadioSelect)
    aspect = forms.ChoiceField(choices=ASPECTS, initial="16:9", widget=forms.Select({"class": "input"}))
    client = Line(max_length=80, required=False, widget=forms.TextInput({"class": "input", "autocomplete": "off"}))


class ProjectSettingsForm(ProjectForm):
    """What can be changed later; the kind stays. Own words stand one to a line."""

    kind = None  # type: ignore[assignment]
    tier = forms.ChoiceField(
        label="Quality", choices=list(QUALITIES.items()), required=False, widget=forms.Select({"class": "input"})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project | None = None, **kwargs: Any) -> None:
        if project:
            kwargs["initial"] = {
                "title": project.title, "client": project.client, "aspect": project.aspect, "revision": project.revision,
                "tier": project.tier,
                **{f"own_{kind}": "\n".join(project.words.get(kind, [])) for kind in OWN},
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        for kind, label in OWN.items():
            self.fields[f"own_{kind}"] = forms.CharField(
                label=label, required=False, max_length=2000, widget=forms.Textarea({"class": "input", "rows": 2})
            )

        for name in ("title", "client", "aspect", "tier", *(f"own_{kind}" for kind in OWN)):
            self.fields[name].widget.attrs["data-autosave"] = "typing"

    def own_fields(self) -> list[forms.BoundField]:
        return [self[f"own_{kind}"] for kind in OWN]

    def clean(self) -> dict[str, Any]:
        for kind in OWN:
            typed = self.cleaned_data.get(f"own_{kind}") or ""
            words = list(dict.fromkeys(filter(None, map(text.line, typed.splitlines()))))
            if len(words) > WORDS_AT_MOST:
                self.add_error(f"own_{kind}", f"{len(words)} words; {WORDS_AT_MOST} is the most.")
            elif long := next((word for word in words if len(word) > 40), ""):
                self.add_error(f"own_{kind}", f"“{long[:20]}…” is longer than 40 characters.")
            else:
                self.cleaned_data[f"own_{kind}"] = [word for word in words if not vocabulary.known(kind, word)]
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """What `update_project` takes: title, client, aspect, words, the tier where one is named, and the revision they were written on."""
        words = {kind: own for kind in OWN if (own := self.cleaned_data[f"own_{kind}"])}
        changes = {name: self.cleaned_data[name] for name in ("title", "client", "aspect", "revision")}
        tier = {"tier": self.cleaned_data["tier"]} if self.cleaned_data["tier"] else {}
        return changes | tier | {"words": words}

    def stand_on(self, project: Project) -> None:
        """The next save replaces this state of the project: whoever presses it has seen that it changed."""
        self.data = {**self.data.dict(), "revision": str(project.revision)}  # type: ignore[attr-defined]


def clean_project_field(project: Project, field: str, value: str) -> Any:
    """The value to store for one of the settings: a text, or a list of own words. Raises ValidationError."""
    shown = ProjectSettingsForm(project=project)
    if field not in shown.fields or field == "revision":
        raise forms.ValidationError("A project has no such field.")
    form = ProjectSettingsForm({**shown.initial, field: value})
    form.full_clean()
    if form.has_error(field):
        raise forms.ValidationError(form.errors[field][0])
    return form.cleaned_data[field]


class ProfileForm(forms.Form):
    """Oneself. Another address asks for the password, where there is one."""

    name = Line(
        max_length=80,
        error_messages={"required": "Others need a name to see."},
        widget=forms.TextInput({"class": "input", "autocomplete": "name"}),
    )
    email = forms.EmailField(
        max_length=254, label="E-mail", widget=forms.EmailInput({"class": "input", "autocomplete": "email"})
    )
    current = forms.CharField(
        label="Present password",
        max_length=200,
        strip=False,
        required=False,
        widget=forms.PasswordInput({"class": "input", "autocomplete": "current-password"}),
    )
    theme = forms.ChoiceField(choices=User.Theme.choices, required=False, widget=forms.RadioSelect)
    letter_keys = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, Any]:
        moved = self.cleaned_data.get("email") not in (None, self.user.email)
        if moved and "current" in self.fields and not self.user.check_password(self.cleaned_data.get("current", "")):
            self.add_error("current", "Type your present password to change the address.")
        return self.cleaned_data
