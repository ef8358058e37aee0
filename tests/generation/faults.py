"""Every fault of the services, at every engine it applies to, and what is to become of a picture that meets it.

A row is (name, step, fault, value, {engine: (state, ours, theirs)}). `ours` is the ledger's last word, `theirs` the pictures that the
service charged. States that end in "…" wait for somebody to mend the account, and are drawn once it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ALWAYS = 10_000

DONE = ("done", "charged", 1)
UNPAID = ("failed", "released", 0)
DECLINED = ("refused", "uncertain", 0)
LOST = ("failed", "charged", 1)
MENDED = ("queued …", "held", 0)
FLAGGED = ("refused", "charged", 1)
NOBODY_KNOWS = ("unknown", "uncertain", 0)
BOUGHT_UNSEEN = ("unknown", "uncertain", 1)


@dataclass(frozen=True)
class Fault:
    """`times` it happens. `deadline`: seconds that our calls have. `impatient`: run where an accepted request is soon given up."""

    name: str
    at: str
    fault: str
    ends: dict[str, tuple[str, str, int]]
    value: Any = None
    times: int = 1
    deadline: float = 0.0
    impatient: bool = False
    options: dict[str, Any] | None = None


def at_all(end):
    return dict.fromkeys(("runware", "hiapi", "gemini"), end)


def by_key(gemini, polled=DONE):
    """Where the same key goes again, and where nothing does."""
    return {"runware": polled, "hiapi": polled, "gemini": gemini}


def polled(end):
    return dict.fromkeys(("runware", "hiapi"), end)


def only(engine, end):
    return {engine: end}


BLOCKS = (
    "prompt_blocked",
    "prompt_safety",
    "image_safety",
    "image_prohibited",
    "recitation",
    "image_recitation",
    "unknown_reason",
    "text_only",
)
PROMPT_BLOCKED = ("OTHER", "BLOCKLIST", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK")
OUTPUT_BLOCKED = ("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII")
UNEXPLAINED = (
    "LANGUAGE", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE",
)  # fmt: skip
WITHOUT = ("OTHER", "MAX_TOKENS")
EMPTY = ("no_image", "image_other", "empty", "no_candidates")
LOST_ANSWER = [
    ("drop after charging", "drop_after", None, 0.0),
    ("connection lost while it draws", "drop_midway", 0.05, 0.0),
    ("500 after charging", "status_after", (500, {}), 0.0),
    ("slow header", "slow", 30, 0.8),
    ("one byte at a time", "drip", 0.5, 0.8),
    ("truncated JSON", "cut", None, 0.0),
    ("half JSON, whole length", "broken_json", None, 0.0),
    ("HTML for JSON, 200", "html_after", None, 0.0),
    ("answer without end", "huge", None, 0.0),
    ("answer packs 90 MB into little", "gzip_bomb", None, 0.0),
]
QUESTIONS = [
    ("429 to a question", "status", (429, {"Retry-After": "3"}), 0.0),
    ("500 to a question", "status", (500, {}), 0.0),
    ("503 to a question", "status", (503, {}), 0.0),
    ("504 to a question", "status", (504, {}), 0.0),
    ("HTML to a question", "html", None, 0.0),
    ("line drops on a question", "drop_after", None, 0.0),
    ("half JSON to a question", "broken_json", None, 0.0),
    ("slow answer to a question", "slow", 30, 0.8),
    ("answer without end to a question", "huge", None, 0.0),
    ("task forgotten for a moment", "forgotten", None, 0.0),
]
LINKS = [
    ("link 404", "404", None, 0.0), ("link expired", "expired", None, 0.0), ("link 503", "503", None, 0.0), ("link gives HTML", "html", None, 0.0),
    ("link gives another type", "wrong_type", None, 0.0), ("link cut off", "cut", None, 0.0), ("link one byte at a time", "drip", 0.5, 0.8),
    ("link slow to answer", "slow", 30, 0.8), ("link leads round in circles", "redirect_loop", None, 0.0),
]  # fmt: skip

FAULTS = [
    # before acceptance
    Fault("429, Retry-After", "start", "status", at_all(DONE), (429, {"Retry-After": "7"})),
    Fault("429 each time", "start", "status", at_all(UNPAID), (429, {"Retry-After": "7"}), ALWAYS),
    Fault("402", "start", "status", at_all(MENDED), (402, {})),
    Fault("401", "start", "status", at_all(MENDED), (401, {})),
    Fault("403", "start", "status", at_all(MENDED), (403, {})),
    Fault("400", "start", "status", at_all(UNPAID), (400, {})),
    Fault("404", "start", "status", at_all(UNPAID), (404, {})),
    Fault("200 with errors only", "start", "status", only("runware", UNPAID), (200, {}, "invalidPositivePrompt")),
    Fault("503", "start", "status", at_all(DONE), (503, {})),
    Fault("503 each time", "start", "status", at_all(UNPAID), (503, {}), ALWAYS),
    Fault("500", "start", "status", by_key(NOBODY_KNOWS), (500, {})),
    Fault("500 each time", "start", "status", at_all(NOBODY_KNOWS), (500, {}), ALWAYS),
    Fault("504", "start", "status", by_key(NOBODY_KNOWS), (504, {})),
    Fault("HTML 502", "start", "html", by_key(NOBODY_KNOWS)),
    Fault("HTML 503", "start", "html", by_key(NOBODY_KNOWS), 503),
    Fault("refused connection", "", "refused", at_all(UNPAID)),
    Fault("drop before charging", "start", "drop_before", by_key(NOBODY_KNOWS)),
    # accepted, and the answer lost
    *[Fault(name, "start", fault, by_key(BOUGHT_UNSEEN), value, deadline=deadline) for name, fault, value, deadline in LOST_ANSWER],
    Fault("drop after charging, each time", "start", "drop_after", {"runware": DONE, "hiapi": BOUGHT_UNSEEN}, None, ALWAYS),
    Fault("500, then 402", "start", "two", polled(("starting …", "held", 0)), [(500, {}), (402, {})]),
    Fault("500, then a plain refusal", "start", "two", polled(NOBODY_KNOWS), [(500, {}), (400, {}, "invalidPositivePrompt")]),
    # the services' own
    Fault("conflict on the first send", "start", "conflict", only("runware", NOBODY_KNOWS), impatient=True),
    Fault("key in flight", "start", "processing", only("hiapi", DONE)),
    Fault("fails after acceptance", "start", "fail_later", polled(("failed", "uncertain", 0))),
    Fault("declined after acceptance", "start", "fail_later", only("runware", DECLINED), ("providerContentPolicyViolation", "No.")),
    Fault("declined after acceptance", "start", "fail_later", only("hiapi", DECLINED), ("CONTENT_POLICY", "No.")),
    Fault("time-out of the service after acceptance", "start", "fail_later", only("hiapi", ("failed", "uncertain", 0)), ("TASK_TIMEOUT", "late")),
    Fault("one of two results fails", "start", "fail_one", only("runware", DONE), options={"results": 2}),
    Fault("done without a picture", "poll", "empty", only("hiapi", ("failed", "uncertain", 1))),
    Fault("success without a picture", "poll", "no_picture", only("runware", DONE)),
    Fault("success without a picture, each time", "poll", "no_picture", only("runware", LOST), times=ALWAYS),
    Fault("flagged by the content check", "start", "nsfw", only("runware", FLAGGED), options={"check_content": True}),
    Fault("an unknown word for its state", "poll", "odd_word", only("hiapi", DONE)),
    *[Fault(name.replace("_", " "), "start", name, only("gemini", DECLINED)) for name in BLOCKS],
    *[Fault(f"prompt blocked: {word}", "start", "blocked", only("gemini", DECLINED), word) for word in PROMPT_BLOCKED],
    *[Fault(f"output blocked: {word}", "start", "finish", only("gemini", DECLINED), word) for word in OUTPUT_BLOCKED],
    *[Fault(f"no picture: {word}", "start", "finish", only("gemini", DECLINED), word) for word in UNEXPLAINED],
    *[Fault(f"no picture: {word}", "start", "finish", only("gemini", ("failed", "uncertain", 0)), word) for word in WITHOUT],
    *[Fault(name.replace("_", " "), "start", name, only("gemini", ("failed", "uncertain", 0))) for name in EMPTY],
    Fault("quota of the minute", "start", "quota_minute", only("gemini", DONE)),
    Fault("quota of the day", "start", "quota_day", only("gemini", MENDED)),
    Fault("picture is no picture", "start", "not_a_picture", only("gemini", LOST)),
    Fault("picture spoilt on the way", "start", "bad_picture", only("gemini", LOST)),
    Fault("picture of another type", "start", "wrong_type", only("gemini", LOST)),
    Fault("half a picture", "start", "half", only("gemini", LOST)),
    Fault("a picture of 900 megapixels", "start", "pixel_bomb", only("gemini", LOST)),
    # while it is waited for
    *[Fault(name, "poll", fault, polled(DONE), value, deadline=deadline) for name, fault, value, deadline in QUESTIONS],
    Fault("500 to each question", "poll", "status", polled(BOUGHT_UNSEEN), (500, {}), ALWAYS, impatient=True),
    Fault("task forgotten for good", "poll", "forgotten", polled(BOUGHT_UNSEEN), None, ALWAYS),
    Fault("key withdrawn while it draws", "poll", "status", polled(("waiting …", "held", 1)), (401, {})),
    # the picture itself
    *[Fault(name, "link", fault, polled(DONE), value, deadline=deadline) for name, fault, value, deadline in LINKS],
    *[Fault(f"{name}, each time", "link", fault, polled(LOST), value, ALWAYS, deadline) for name, fault, value, deadline in LINKS if not deadline],
    Fault("link without end", "link", "huge", polled(LOST)),
    Fault("link packs 64 MB into little", "link", "gzip_bomb", polled(LOST)),
    Fault("link leads to the metadata service", "link", "redirect_inside", polled(LOST), None, ALWAYS, impatient=True),
    Fault("half a picture", "link", "half", polled(LOST)),
    Fault("a picture of 900 megapixels", "link", "pixel_bomb", polled(LOST)),
    # the bell that says it is done
    Fault("bell rung twice", "callback", "twice", polled(DONE)),
    Fault("bell rung twice in one moment", "callback", "together", polled(DONE)),
    Fault("bell late", "callback", "late", polled(DONE), 0.2),
    Fault("bell never rung", "callback", "never", polled(DONE)),
    Fault("bell malformed", "callback", "malformed", polled(DONE)),
    Fault("bell unsigned", "callback", "unsigned", polled(DONE)),
    Fault("bell signed by somebody else", "callback", "forged", only("hiapi", DONE)),
    Fault("bell an hour old", "callback", "old", only("hiapi", DONE)),
]  # fmt: skip
