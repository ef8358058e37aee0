"""Icons, marker results, pictures and prices, as templates name them. A builtin: no page has to load it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
ICONS = settings.BASE_DIR / "static" / "icons"  # lucide-static 1.62.0, ISC
MARKERS = {"same": "check", "drifted": "equal-not", "wrong": "triangle-alert", "missing": "x", "hidden": "minus"}


@cache
def _shapes(name: str) -> str:
    svg = (ICONS / f"{name}.svg").read_text()
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
    assert found, name
    return " ".join(found[1].split())


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon, inline: a fragment brings its own, so a swap never lacks a symbol. The label belongs to the control."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_shapes(name)}</svg>')


@register.simple_tag
def marker(result: str) -> SafeString:
    return format_html('<span class="marker" data-result="{}">{}</span>', result, icon(MARKERS[result]))


@register.simple_tag
def door_picture() -> SafeString:
    """The picture beside the sign-in form, where one has been drawn for it."""
    if not (settings.BASE_DIR / "static" / "img" / "signin.webp").exists():
        return mark_safe("")
    return format_html(
        '<figure><img src="{}" width="1376" height="768" alt=""><figcaption class="on-picture">{}</figcaption></figure>',
        static("img/signin.webp"),
        "1D, Last light on the breakwater",
    )


@register.simple_tag
def picture(image: Any, width: int, alt: str = "", class_: str = "", sizes: str = "", lazy: bool = True) -> SafeString:
    """A stored picture about `width` px wide: `{% picture image 320 alt="…" class_="…" %}`. Its address checks who asks."""
    from studio.media import renditions

    found = renditions.picture(image, width)
    return format_html(
        '<img src="{}"{}{} width="{}" height="{}" alt="{}"{}{} decoding="async">',
        found["src"],
        format_html(' srcset="{}"', found["srcset"]) if found.get("srcset") else "",
        format_html(' sizes="{}"', sizes or f"{width}px") if found.get("srcset") else "",
        found["width"],
        found["height"],
        alt,
        format_html(' class="{}"', class_) if class_ else "",
        mark_safe(' loading="lazy"') if lazy else "",
    )


@register.filter
def undo(message: Any) -> str:
    """Where a toast's Undo posts to, if it has one."""
    return next((tag[5:] for tag in (message.extra_tags or "").split() if tag.startswith("undo=")), "")


@register.filter
def moment(at: dt.datetime, style: str = "ago") -> str:
    """When something was, for people: "now", "12 min ago", "today, 13:44", "Tuesday", "2 Nov", "2 Nov 2024".

    With "since" the first two are left out: "since today, 13:44".
    """
    now, at = timezone.localtime(), timezone.localtime(at)
    past, days = now - at, (now.date() - at.date()).days
    ago = style == "ago" and past >= dt.timedelta(0)
    if ago and past < dt.timedelta(minutes=6):  # as exact as last seen is kept
        return "now"
    if ago and past < dt.timedelta(hours=1):
        return f"{past.seconds // 60} min ago"
    if days == 0:
        return f"today, {at:%H:%M}"
    if 0 < days < 7:
        return f"{at:%A}"
    return f"{at.day} {at:%b}" + (f" {at.year}" if at.year != now.year else "")


@register.filter
def of(mapping: Any, key: Any) -> Any:
    """`{{ icons|of:marker.category }}`: a mapping's value for a key that a variable holds."""
    return mapping.get(key, "")


@register.filter
def price(amount: Any) -> str:
    """US dollars for a label: "free", "$0.08", "price unknown"."""
    if amount is None:
        return "price unknown"
    amount = Decimal(amount)
    return "free" if amount == 0 else f"${cents(amount):.2f}"


def cents(amount: Any) -> Decimal:
    """To the cent, half a cent upwards: nobody is told less than what is asked for."""
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


@register.filter
def unit_price(amount: Any) -> str:
    """What one picture costs, as exact as the price table is: "free", "$0.05", "$0.076", "$0.1026", "price unknown"."""
    if amount is None:
        return "price unknown"
    amount = Decimal(amount)
    if amount == 0:
        return "free"
    whole, _, part = f"{amount:.4f}".partition(".")
    return f"${whole}.{part.rstrip('0').ljust(2, '0')}"


@register.filter
def seconds(value: Any) -> str:
    """Panel seconds: 2.5 s."""
    return f"{Decimal(str(value)):.1f} s"
