"""What people and their programs send by mistake or on purpose, and how to tell that it did harm."""

from __future__ import annotations

import contextlib
import logging
import re

from django.http import QueryDict

from tests.robust.strings import STRINGS, TAG

# Breaks out of text, of either quote, of a template; what stays whole in an answer was not escaped.
CANARY = f"\"'><b id={TAG}>{{{{ 7|add:42 }}}}{{% debug %}}</b><script>alert({TAG})</script>"
BROKEN_OUT = re.compile(rf"<b id={TAG}|<script>alert\({TAG}|49\}}?</b>|[\"'] *on\w+=.{{0,20}}{TAG}")
TEXTS = {
    "empty": "",
    "blank": "  \t\n ",
    "canary": CANARY,
    "long": "word " * 2_000,
    "huge": "x" * 200_000,
    "nul": "a\x00b",
    "controls": "a\x01\x08\x0b\x1b[31m\x7f\x85b",
    "lines": f"one\r\ntwo\nSet-Cookie: {TAG}=1\r\n\r\nthree\u2028four",
    "direction": "\u202egnp.exe\u202c \u2066x\u2069 \ufeff",
    "astral": "👩🏽‍🚀 𝕊𝕋 \U000e0001 مرحبا 漢字 Ĳ ﬁ",
    "path": "../../../../etc/passwd",
    "sql": "'; DROP TABLE studio_panel; --",
    "json": '{"a": [1, null], "__proto__": {}}',
    "brackets": "[[[[[[",
    "superscript": "²",
    "arabic digit": "٣",
    "minus": "-1",
    "zero": "0",
    "big": "9" * 30,
    "digits": "9" * 5_000,
    "nan": "nan",
    "inf": "inf",
    "exponent": "1e400",
    "tiny": "1e-400",
    "decimal": "1.5",
    "uuid": "00000000-0000-0000-0000-00000000000g",
    "other host": "//evil.test/",
    "percent": "%00%ff%s%(name)s%n",
    **{f"string {number}": string for number, string in enumerate(STRINGS)},
}
RAW = {
    "bad utf-8": b"%FF%FE%80",
    "lone surrogate": b"%ED%A0%80",
    "overlong": b"%C0%AF",
    "half an escape": b"%",
    "escaped nul": b"%00",
}


@contextlib.contextmanager
def fields_read():
    """The names that code asks a form or a query string for, while this is open."""
    seen: set[str] = set()
    originals = {}

    def spy(method):
        def wrapped(self, key, *rest, **named):
            seen.add(str(key))
            return originals[method](self, key, *rest, **named)

        return wrapped

    for method in ("__getitem__", "get", "getlist", "__contains__"):
        originals[method] = getattr(QueryDict, method)
        setattr(QueryDict, method, spy(method))
    try:
        yield seen
    finally:
        for method, original in originals.items():
            if method in QueryDict.__dict__ and original is getattr(QueryDict.__mro__[1], method, None):
                delattr(QueryDict, method)
            else:
                setattr(QueryDict, method, original)


@contextlib.contextmanager
def log_lines():
    """Every line that any logger would print."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record) if not record.exc_info else record.getMessage())

    keeper = Keeper()
    keeper.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(keeper)
    try:
        yield lines
    finally:
        root.removeHandler(keeper)


def harm(answer) -> str:
    """What is wrong with an answer, or nothing."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {getattr(answer, 'exc_info', (0, ''))[1]!r}"
    if "html" in answer.get("Content-Type", "") and (found := BROKEN_OUT.search(answer.body.decode(errors="replace"))):
        at = answer.body.decode(errors="replace")
        return f"unescaped: …{at[max(0, found.start() - 80) : found.end() + 40]}…"
    if any("evil.test" in answer.get(name, "").split("?")[0] for name in ("Location", "HX-Redirect", "HX-Location")):
        return f"leads away: {answer.headers}"
    if TAG in answer.cookies:
        return "sets a cookie of the visitor's choice"
    return ""
