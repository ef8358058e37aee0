"""What stands around every answer: policies, cookies, caches."""

from __future__ import annotations

CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'", "media-src 'self'", "manifest-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REFERRERS = {"same-origin", "strict-origin", "no-referrer"}
SANDBOX = "sandbox; default-src 'none'"
FILES = {"original", "rendition", "export_download", "handed"}


def unguarded(row, method, answer, *, signed):
    """What is missing around an answer, in words."""
    ok = answer.status_code == 200
    policy = answer.get("Content-Security-Policy", "")
    good = policy == SANDBOX if ok and row.name in FILES else words(policy, ";") == CSP
    where = f"{method} {row.name} {answer.status_code}"
    if not good:
        yield f"{where}: {policy!r}"
    for name, value in EXACT.items():
        if answer.get(name) != value:
            yield f"{where}: {name} is {answer.get(name)!r}"
    if answer.get("Referrer-Policy") not in REFERRERS:
        yield f"{where}: {answer.get('Referrer-Policy')!r}"
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        yield f"{where} says what it runs on"
    kept = answer.get("Cache-Control", "nothing" if ok else "")
    if "public" in kept or (signed and ok and not {"private", "no-store"} & words(kept, ",")):
        yield f"{where}: {answer.get('Cache-Control')!r}"
    yield from cookies(where, answer)


def words(header, between):
    return {part.strip() for part in header.split(between)}


def cookies(where, answer):
    """The session cookie is for the server alone; every cookie stays on the site."""
    for name, cookie in answer.cookies.items():
        if cookie["samesite"] not in {"Lax", "Strict"}:
            yield f"{where}: cookie {name} goes everywhere"
        if name.endswith(("session", "messages")) and not cookie["httponly"] and cookie["max-age"] != 0:
            yield f"{where}: cookie {name} is open to scripts"
