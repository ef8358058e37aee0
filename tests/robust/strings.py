"""A hundred and some hostile strings, our own: each breaks something that is built carelessly. `TAG` stands in what would run."""

from __future__ import annotations

TAG = "canary73"
HTML = [
    f"<b id={TAG}>bold</b>", f"<script>alert({TAG})</script>", f"</script><script>alert({TAG})</script>", f"<img src=x onerror={TAG}()>",
    f"<svg onload={TAG}()>", f"\"><b id={TAG}>", f"'><b id={TAG}>", f"\" onmouseover=\"{TAG}()", f"' onfocus='{TAG}()' autofocus='", f"` onclick=`{TAG}()`",
    f"</title><b id={TAG}>", f"</textarea><b id={TAG}>", f"</style><b id={TAG}>", f"--><b id={TAG}>", f"]]><b id={TAG}>", f"<!--<b id={TAG}>-->",
    f"<a href=javascript:{TAG}()>here</a>", f"javascript:{TAG}()", f"JaVaScRiPt:{TAG}()", f"data:text/html,<b id={TAG}>", f"<iframe srcdoc='<b id={TAG}>'>",
    f"<form action=//evil.test><b id={TAG}>", f"<base href=//evil.test/><b id={TAG}>", f"<meta http-equiv=refresh content=0;//evil.test/{TAG}>",
    f"<math><mi//xlink:href='data:x,{TAG}'>", f"<details open ontoggle={TAG}()>", f"&lt;b id={TAG}&gt;", "&amp;lt;", "&#60;b&#62;", "&nbsp;&shy;&zwj;",
    "&", "&&amp;&", "<", ">", "<>", "</", "<!", "<?", "< b >", "a<b>c", "1 < 2 && 3 > 2", '"', "'", '"\'"', "`",
]  # fmt: skip
TEMPLATES = [
    "{{ 7|add:42 }}", "{% debug %}", "{# gone #}", "{% load static %}", "{{", "}}", "{%", "%}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "[[7*7]]",
    "{{ settings.SECRET_KEY }}", "{0.__class__}", "%(name)s", "%s%s%s%n", "{}", "{name}", "\\u003cb\\u003e", "\\x3cb\\x3e",
]  # fmt: skip
DIRECTIONS = [
    "\u202egnp.exe", "\u202dleft\u202c", "\u2066isolated\u2069", "\u2067שלום\u2069 abc", "مرحبا بالعالم", "שלום world שלום", "abc\u200fdef", "\u061cx",
]  # fmt: skip
UNSEEN = [
    "a\u200bb", "a\u200cb", "a\u200db", "\u2060word", "\ufefffirst", "so\u00adft", "\u3164", "\u115f\u1160", "x\u034fy", "\u00a0only\u00a0", "\u2003wide",
]  # fmt: skip
SIGNS = [
    "👩🏽‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇨🇿🇩🇪", "1️⃣", "👍🏿👍🏻", "e\u0301 \u00e9", "Z\u0351\u0357\u0343a\u0334l\u0338g\u0336o", "𝕊𝕋𝕌𝔻𝕀𝕆", "漢字かな한글", "ﬁ Ĳ ŉ", "ẞ ß İ ı", "⁄½²³", "\U000e0041\U000e007f",
    "١٢٣", "Ω≈ç√∫", "¿¡«»„“", "꧁༒꧂",
]  # fmt: skip
DATABASES = [
    "'; DROP TABLE studio_panel; --", "' OR '1'='1", "1; SELECT pg_sleep(9)", "\\'; --", "%' OR name LIKE '%", "_%_%", "NULL", "null", "undefined", "None", "true", "NaN",
]  # fmt: skip
SHEETS = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"//evil.test\")", "＝1+1", "\t=1+1"]  # fmt: skip
HEADERS = [f"a\r\nSet-Cookie: {TAG}=1", "a\nBcc: evil@evil.test", "a\r\n\r\n<b>body</b>", "a\u2028b\u2029c", "x\x85y", "=?utf-8?q?=0A?="]  # fmt: skip
PATHS = ["../../../../etc/passwd", "..\\..\\boot.ini", "/", "//evil.test/", "C:\\aux", "con", ".", "..", "~root", "file:///etc/passwd", "a/b\\c:d*e?f|g"]  # fmt: skip
ODD = ["\x01\x02\x08", "\x1b[31mred\x1b[0m", "\x7f", "0", "-0", "1e400", "9" * 60, "[[[[[[", '{"a": [1, null]}', "()()()", "\\", "\\\\", "#", ";", "--"]  # fmt: skip
STRINGS = [*HTML, *TEMPLATES, *DIRECTIONS, *UNSEEN, *SIGNS, *DATABASES, *SHEETS, *HEADERS, *PATHS, *ODD]
