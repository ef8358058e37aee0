"""Where the services are reached, and where their results lie: exact names, or ".name" for everything below one."""

from __future__ import annotations

RUNWARE = "https://api.runware.ai/v1"
HIAPI = "https://api.hiapi.ai"  # the vendor's articles say that where results lie varies
WISDOM_GATE = "https://wisdom-gate.juheapi.com"
GOOGLE = "https://generativelanguage.googleapis.com"
RESULTS: dict[str, tuple[str, ...]] = {"runware": (".runware.ai",), "hiapi": (".hiapi.ai",)}
