"""The keys of each page: one table for the handlers and for the dialog that lists them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_GET, require_POST

from studio.accounts import profile
from studio.accounts.models import User
from studio.lib.typing import Request
from studio.views import access, htmx


class Key(NamedTuple):
    """`codes` are what static/js registers; `caps` what is printed, a list of alternatives or of keys held together."""

    does: str
    codes: tuple[str, ...]
    caps: tuple[str, ...]


class Page(NamedTuple):
    title: str
    groups: tuple[tuple[str, tuple[Key, ...]], ...]


DIGITS = tuple(str(n) for n in range(1, 10))
FIND = Key("Find by name", ("/",), ("/",))
EVERYWHERE = (
    Key("These keys", ("?",), ("?",)),
    Key("Close, leave", (), ("Esc",)),
)
SHIFTED = ("Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown")
VERDICTS = (
    Key("Same", ("s",), ("S",)),
    Key("Drifted", ("d",), ("D",)),
    Key("Wrong", ("w",), ("W",)),
    Key("Missing", ("x",), ("X",)),
    Key("Hidden", ("h",), ("H",)),
)
PAGES: dict[str, Page] = {
    "board": Page(
        "Keys on the board",
        (
            (
                "Move",
                (
                    Key("Next, previous panel", ("j", "k", "ArrowRight", "ArrowLeft"), ("J", "K")),
                    Key("Up, down by row", ("ArrowUp", "ArrowDown"), ("↑", "↓")),
                    Key("Move the panel", ("Alt+ArrowLeft", "Alt+ArrowRight"), ("Alt", "←", "→")),
                    Key("Move the scene", ("Alt+ArrowUp", "Alt+ArrowDown"), ("Alt", "↑", "↓")),
                    Key("Add to selection", ("x",), ("X",)),
                ),
            ),
            (
                "Work",
                (
                    Key("Edit what happens", ("e",), ("E",)),
                    Key("Draw this panel", ("g",), ("G",)),
                    Key("Estimate for the scene", ("Shift+g",), ("Shift", "G")),
                    Key("Pick that take", DIGITS, ("1", "to", "9")),
                ),
            ),
            (
                "Look",
                (
                    Key("Open takes", ("Enter",), ("Enter",)),
                    Key("Quick look", ("Space",), ("Space",)),
                    Key("Prompt and references", ("p",), ("P",)),
                    Key("Judge the markers", ("m",), ("M",)),
                    Key("Find panels", ("/",), ("/",)),
                    *EVERYWHERE,
                ),
            ),
        ),
    ),
    "compare": Page(
        "Keys while comparing",
        (
            ("Move", (Key("Next, previous take", ("j", "k", "ArrowRight", "ArrowLeft"), ("J", "K")),)),
            ("Work", (Key("Pick that take", DIGITS, ("1", "to", "9")), Key("Next surround", ("v",), ("V",)))),
            (
                "Markers",
                (
                    Key("Judge the markers", ("m",), ("M",)),
                    Key("Next, previous marker", ("ArrowDown", "ArrowUp"), ("↓", "↑")),
                    *VERDICTS,
                ),
            ),
            (
                "Look",
                (
                    Key("Reference over take, while held", ("Space",), ("Space",)),
                    Key("Closer, wider", ("+", "=", "-"), ("+", "-")),
                    Key("What is close", SHIFTED, ("Shift", "arrows")),
                    *EVERYWHERE,
                ),
            ),
        ),
    ),
    "consistency": Page(
        "Keys while judging",
        (
            (
                "Move",
                (
                    Key("Start", ("m",), ("M",)),
                    Key("Next that nobody judged", ("n",), ("N",)),
                    Key("Next, previous marker", ("ArrowDown", "ArrowUp"), ("↓", "↑")),
                    Key("Next, previous panel", ("ArrowRight", "ArrowLeft"), ("→", "←")),
                ),
            ),
            ("Judge", (*VERDICTS, Key("Take it back", ("Backspace",), ("⌫",)))),
            (
                "Look",
                (
                    Key("Closer, wider", ("+", "=", "-"), ("+", "-")),
                    Key("What is close", SHIFTED, ("Shift", "arrows")),
                    Key("Reference over take", ("o",), ("O",)),
                    *EVERYWHERE,
                ),
            ),
        ),
    ),
    "impact": Page(
        "Keys where panels no longer match",
        (
            ("Move", (Key("Next, previous panel", ("j", "k"), ("J", "K")),)),
            (
                "Decide",
                (
                    Key("Choose it, or not", ("x",), ("X",)),
                    Key("Fine as it is", ("f",), ("F",)),
                    Key("All others are fine", ("Shift+f",), ("Shift", "F")),
                ),
            ),
            ("Look", EVERYWHERE),
        ),
    ),
    "present": Page(
        "Keys while presenting",
        (
            (
                "Move",
                (
                    Key("Next, previous panel", ("ArrowRight", "ArrowLeft", "j", "k"), ("→", "←")),
                    Key("First, last panel", ("Home", "End"), ("Home", "End")),
                ),
            ),
            (
                "Look",
                (
                    Key("Play, pause", ("Space",), ("Space",)),
                    Key("Captions", ("c",), ("C",)),
                    Key("Full screen", ("f",), ("F",)),
                    Key("These keys", ("?",), ("?",)),
                    Key("Leave full screen, then leave", ("Escape",), ("Esc",)),
                ),
            ),
        ),
    ),
    "review": Page(
        "Keys in a review",
        (
            ("Move", (Key("Next, previous panel", ("j", "k", "ArrowRight", "ArrowLeft"), ("J", "K")),)),
            (
                "Say",
                (
                    Key("Note: arrows move the pin, Enter places it", ("c",), ("C",)),
                    Key("Open note", ("Enter",), ("Enter",)),
                    Key("Approve", ("a",), ("A",)),
                ),
            ),
            ("Look", (Key("Compare versions", ("v",), ("V",)), *EVERYWHERE)),
        ),
    ),
    "library": Page("Keys in the library", (("Move", (FIND,)), ("Everywhere", EVERYWHERE))),
    "": Page("Keys", (("Everywhere", EVERYWHERE),)),
}


def table(user: Any) -> dict[str, Any]:
    """What keys.js reads: the codes of each page, whether single letters count for this person, where the dialog is."""
    pages = {
        name: sorted({code for _, keys in page.groups for key in keys for code in key.codes})
        for name, page in PAGES.items()
        if name
    }
    return {
        "letters": not isinstance(user, User) or user.letter_keys,
        "guest": not isinstance(user, User),  # whose switch is kept by their browser
        "help": str(reverse_lazy("keys")),
        "pages": {"everywhere": [code for key in EVERYWHERE for code in key.codes], **pages},
    }


@require_GET
def keys(request: Request) -> HttpResponse:
    asked = request.GET.get("page", "")
    here = asked if asked in PAGES else ""
    if (
        here == "review" and not request.user.is_authenticated
    ):  # a guest: of this page alone, and with no switch to keep
        return htmx.dialog(request, "keys/dialog.html", {"page": PAGES[here], "others": [], "guest": True})
    user = access.me(request)
    others = [(name, page.title) for name, page in PAGES.items() if name and name != here]
    return htmx.dialog(
        request, "keys/dialog.html", {"page": PAGES[here], "others": others, "letters": user.letter_keys}
    )


@require_POST
def letter_keys(request: Request) -> HttpResponse:
    profile.set_letter_keys(user=access.me(request), on="on" in request.POST)
    return HttpResponse(status=204) if request.htmx else redirect("profile")
