"""Text as people type it: any script and direction, no control characters."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Line ends as "\\n", composed (NFC), trimmed; control characters and lone surrogates removed, tabs made spaces.

    Joiners and direction marks stay: Persian, Arabic and emoji need them. Direction overrides go: they only disguise.
    """
    text = BREAKS.sub("\n", text).replace("\t", " ")
    kept = (c for c in text if c == "\n" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in OVERRIDES))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def line(text: str) -> str:
    """As `plain`, on one line."""
    return " ".join(plain(text).split())


BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
OVERRIDES = "\u202a\u202b\u202d\u202e\u202c\ufeff\ufffe\uffff"
