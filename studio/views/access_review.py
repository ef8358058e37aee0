"""Rounds and links with the permission to see them: for the team by membership, for guests by the token in the address.

Every refusal of a link is the same 404: unknown, run out, revoked, used up, withdrawn.

Addresses: /r/<token>/ is the door (counts the opening, asks for the password) and leads to /r/<token>/panels/<code>/, which
is the same page as the team's /rounds/<code>/panels/<code>/; /rounds/<code>/ is the round as its senders see it. A view for
guests begins with `shared_for(request, token).reviewer`, one for the team with `reviewer_for(request, code)`.
"""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

from django.contrib.auth.hashers import check_password
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from studio.accounts import limits
from studio.accounts.rights import Right
from studio.board.models import Panel
from studio.lib.signing import digest
from studio.review.models import Guest, Note, Round, RoundPanel, ShareLink
from studio.review.reviewers import Reviewer
from studio.views import access

VISIT, GUEST = "studio_visit", "studio_guest"  # cookies, each for one link's addresses alone
VISIT_SECONDS = 12 * 60 * 60  # then an opening is counted, and the password asked, anew
GUEST_SECONDS = 90 * 24 * 60 * 60
SALT = "review.visit"


class TooMany(Exception):
    """Too many tries from this place; the middleware answers 429."""


class Shared(NamedTuple):
    """What a link opens. `inside`: the password was given and this opening is counted."""

    link: ShareLink
    reviewer: Reviewer
    inside: bool

    @property
    def round(self) -> Round:
        return self.reviewer.round

    @property
    def guest(self) -> Guest | None:
        return self.reviewer.guest


class NotInside(Exception):
    """The link is good, but its door was not passed: `door` is where the password is asked and the opening counted."""

    def __init__(self, door: str) -> None:
        super().__init__(door)
        self.door = door


def round_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Round:
    rows = Round.objects.select_related("project__team", "sent_by", "closed_by").filter(project__deleted=None)
    return access._fetch(request, rows, right, "project__team_id", code=code)


def link_for(request: HttpRequest, code: str, right: Right = Right.PRODUCE) -> ShareLink:
    rows = ShareLink.objects.select_related("round__project__team").filter(round__project__deleted=None)
    return access._fetch(request, rows, right, "round__project__team_id", code=code)


def reviewer_for(request: HttpRequest, code: str, right: Right = Right.SEE) -> Reviewer:
    """Somebody of the team at their round."""
    found = round_for(request, code, right)
    member = request.membership  # type: ignore[attr-defined]
    return Reviewer(round=found, base=f"/rounds/{code}/", user=request.user, membership=member)


def visit(request: HttpRequest, *, code: str = "", token: str = "", right: Right = Right.SEE) -> Reviewer:
    """Who looks at the round, by either kind of address. For a guest the `right` is the reviewer's own `may_…`."""
    return shared_for(request, token).reviewer if token else reviewer_for(request, code, right)


def shared_for(request: HttpRequest, token: str, *, door: bool = False) -> Shared:
    """The link behind a token, its round, and who looks. Nothing outside that round may be shown to them.

    Raises Http404 for every reason to refuse, TooMany after too many refusals from one place, and, but for the `door`
    itself, NotInside where the opening was not counted yet, the password not given, or the name not that the pictures bear.
    """
    link = _link(token) if token.isascii() and len(token) <= 100 else None
    inside = bool(link and _inside(request, link))
    if link is None or not _open(link, inside):
        refuse(request)
    base = f"/r/{token}/"
    if not (inside or door):
        raise NotInside(base)
    reviewer = Reviewer(round=link.round, base=base, link=link, guest=_guest(request, link))
    if link.watermark and reviewer.needs_name and not door:
        raise NotInside(f"{base}name/")  # the name stands across every picture
    return Shared(link, reviewer, inside)


def _link(token: str) -> ShareLink | None:
    """First whether there is one at all: a guess costs one slim question instead of five tables."""
    found = ShareLink.objects.filter(token_hash=digest(token)).values_list("pk", flat=True)[:1]
    if not found:
        return None
    rows = ShareLink.objects.select_related("round__project__team", "round__sent_by", "round__closed_by")
    return rows.filter(pk=found[0]).first()


def refuse(request: HttpRequest) -> NoReturn:
    """The one answer to every link that does not work, counted by address."""
    if not limits.allowed(request, "wrong_review_link"):
        raise TooMany
    raise Http404


def first_panel(round_: Round) -> RoundPanel:
    """Where a review begins: the first panel nobody approved yet, else the first. A round has at least one."""
    rows = round_.panels.order_by("position")
    found = rows.exclude(state=Panel.State.APPROVED).first() or rows.first()
    assert found is not None
    return found


def panel_of(round_: Round, code: str) -> RoundPanel:
    """A panel of a round the caller has already been given. Raises Http404."""
    rows = RoundPanel.objects.select_related("image", "panel", "carried__round").filter(round=round_)
    found = rows.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise Http404
    return found


def pictured(reviewer: Reviewer, code: str) -> RoundPanel:
    """A panel with a picture, of this round or of one the reviewer may hold it beside. Raises Http404."""
    rows = RoundPanel.objects.select_related("image", "round").exclude(image=None)
    found = rows.filter(code=code).first() if "\0" not in code else None
    if found is None or (found.round_id != reviewer.round.pk and found.round not in reviewer.earlier()):
        raise Http404
    return found


def note_of(reviewer: Reviewer, code: str, *, deleted: bool = False) -> Note:
    """A note of the round that this person may see. Raises Http404."""
    rows = Note.objects.select_related("on__panel__picked", "user", "guest", "parent", "round__project__team")
    rows = rows.filter(round=reviewer.round, deleted__isnull=not deleted)
    if not reviewer.is_team:
        rows = rows.filter(internal=False)
    found = rows.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise Http404
    return found


def right_password(request: HttpRequest, link: ShareLink, password: str) -> bool:
    """Counted by address and by link, right or wrong. Raises TooMany."""
    if not limits.allowed(request, "review_password", key=f"link:{link.pk}"):
        raise TooMany
    right = check_password(password, link.password)
    if right:
        limits.give_back(request, "review_password", key=f"link:{link.pk}")
    return right


def let_in(response: HttpResponse, request: HttpRequest, shared: Shared) -> HttpResponse:
    """The visit's cookie: this opening is counted and the password, if any, was right."""
    value = signing.dumps({"link": shared.link.pk, "door": _door(shared.link)}, salt=SALT, compress=False)
    return _set(response, request, shared, VISIT, value, VISIT_SECONDS)


def know_again(response: HttpResponse, request: HttpRequest, shared: Shared, key: str) -> HttpResponse:
    """The cookie by which a guest of an open link is known again."""
    return _set(response, request, shared, GUEST, key, GUEST_SECONDS)


def _set(response: Any, request: HttpRequest, shared: Shared, name: str, value: str, age: int) -> HttpResponse:
    response.set_cookie(
        name, value, max_age=age, path=shared.reviewer.base, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response  # type: ignore[no-any-return]


def _open(link: ShareLink, inside: bool) -> bool:
    if link.revoked or link.expires <= timezone.now() or link.round.project.deleted:
        return False
    used_up = link.views_allowed is not None and link.views >= link.views_allowed
    return link.round.state != Round.State.WITHDRAWN and (inside or not used_up)


def _door(link: ShareLink) -> str:
    """Changes with the password and with the address: whoever came in by the old one is asked again."""
    return digest(f"{link.password}{link.token_hash}")[:16]


def _inside(request: HttpRequest, link: ShareLink) -> bool:
    try:
        seen = signing.loads(request.COOKIES.get(VISIT, ""), salt=SALT, max_age=VISIT_SECONDS)
    except signing.BadSignature:
        return False
    return bool(seen == {"link": link.pk, "door": _door(link)})


def _guest(request: HttpRequest, link: ShareLink) -> Guest | None:
    rows = Guest.objects.filter(link=link)
    if link.name:
        return rows.order_by("pk").first()
    key = request.COOKIES.get(GUEST, "")
    return rows.filter(key_hash=digest(key)).first() if key else None
