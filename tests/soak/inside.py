"""`python -m tests.soak.inside`: a process of the studio that does as it is told. One JSON line in, one out.

So the soak asks for pictures and reads rows in milliseconds, where a new `manage.py shell` would take a second each time.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.files.storage import storages  # noqa: E402
from django.db import close_old_connections, transaction  # noqa: E402
from django.db.models import Sum  # noqa: E402

from studio.accounts.models import User  # noqa: E402
from studio.board.models import Panel, Take  # noqa: E402
from studio.generation import actions, cost  # noqa: E402
from studio.generation.errors import OverCap, Refused  # noqa: E402
from studio.generation.models import ACTIVE, UNDER_WAY, Batch, EngineAccount, Job, TierEntry  # noqa: E402
from studio.media.models import Image, Rendition  # noqa: E402

MODELS = {
    "runware": ("google:4@3", "0.5K"),
    "hiapi": ("Nano-Banana-2", "1K"),
    "gemini": ("gemini-3.1-flash-image-preview", "0.5K"),
    "sketch": ("sketch", "1K"),
}


def prepare(bases: dict[str, str], keys: dict[str, str], panels: int = 12) -> dict[str, Any]:
    """A team with an account at each service, a board, and the artist's session."""
    from tests import makers

    team = makers.team("Soak")
    by = makers.member(team, "Mei Tan", "artist")
    scene = makers.scene(makers.project(team, "Night ferry"))
    codes = [makers.panel(scene).code for _ in range(panels)]
    for engine, base in bases.items():
        account = actions.add_account(team=team, by=by, engine=engine, label=engine, key=keys[engine], base_url=base)
        EngineAccount.objects.filter(pk=account.pk).update(per_minute=None, concurrency=8)
    TierEntry.objects.all().delete()  # no quality is drawn by an account until a test says so
    session = SessionStore()
    session[SESSION_KEY] = str(by.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = by.get_session_auth_hash()
    session.create()
    return {"session": session.session_key, "project": scene.project.code, "panels": codes}


def limits(engine: str, **fields: Any) -> None:
    """Other limits of the engine's account; the client is made anew."""
    account = EngineAccount.objects.get(engine=engine)
    EngineAccount.objects.filter(pk=account.pk).update(revision=account.revision + 1, **fields)


def ask(engine: str, pictures: int = 1, batch_of: int = 12, **more: Any) -> list[str]:
    """Pictures by one engine, in batches of up to `batch_of` panels. What each attempt is asked for begins with its key: that is
    how a service that takes no key tells them apart. Gives the keys."""
    account = EngineAccount.objects.filter(engine=engine).first()
    model, size = MODELS[engine]
    by = User.objects.get()
    panels = list(Panel.objects.order_by("pk").select_related("scene__project"))
    asked: list[str] = []
    while pictures > 0:
        count = min(pictures, batch_of, len(panels))
        pictures -= count
        with transaction.atomic():
            batch = actions.request_takes(
                panels=panels[:count], by=by, key=uuid.uuid4(), engine=engine, account=account, model=model, size=size,
                priority=more.get("priority", 0),
            )  # fmt: skip
            for job in batch.jobs.all():
                job.request["prompt"] = f"[{job.key}] {job.request['prompt']}"
                job.save(update_fields=["request"])
                asked.append(str(job.key))
    return asked


def try_to_ask(engine: str) -> str:
    """One picture of the first panel: its key, or "over" where a spending limit says no."""
    try:
        return ask(engine, 1)[0]
    except OverCap:
        return "over"
    except Refused as refusal:
        return str(refusal)


def cancel(keys: list[str]) -> int:
    """Stop these where they have not begun; says how many were."""
    by = User.objects.get()
    return sum(actions.cancel_job(job=job, by=by) for job in Job.objects.filter(key__in=keys).select_related("batch"))


def cancel_everything() -> int:
    """Stop whatever waits, and set aside whatever is under way: a test has ended before its jobs."""
    stopped = cancel([str(key) for key in Job.objects.filter(state="queued").values_list("key", flat=True)])
    return stopped + Job.objects.filter(state__in=ACTIVE).update(state="failed", lease_until=None)


def price(engine: str) -> str:
    """US dollars of one picture as it is asked for here."""
    model, size = MODELS[engine]
    return str(cost.price(engine, model, size))


def used(engine: str) -> str:
    """US dollars that the account's jobs count so far."""
    return str(Job.objects.filter(engine=engine).aggregate(sum=Sum("counted"))["sum"] or Decimal(0))


def held() -> int:
    """Jobs that a worker has begun."""
    return Job.objects.filter(state__in=UNDER_WAY).count()


def open_jobs() -> dict[str, int]:
    """What is not over, by engine."""
    found: dict[str, int] = {}
    for engine in Job.objects.filter(state__in=ACTIVE).values_list("engine", flat=True):
        found[engine] = found.get(engine, 0) + 1
    return found


def waiting() -> dict[str, int]:
    """What has not begun, by engine."""
    found: dict[str, int] = {}
    for engine in Job.objects.filter(state="queued").values_list("engine", flat=True):
        found[engine] = found.get(engine, 0) + 1
    return found


def changed() -> str:
    """The moment of the last change of any job."""
    return str(Job.objects.order_by("-changed").values_list("changed", flat=True).first())


def last() -> int:
    """The newest job's number."""
    return Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def jobs(after: int = 0) -> list[dict[str, Any]]:
    """Everything that the rows say of the jobs since then."""
    rows = Job.objects.filter(pk__gt=after).order_by("pk").prefetch_related("spends", "events").select_related("batch")
    takes: dict[str, int] = {}
    for key in Take.objects.values_list("job_key", flat=True):
        takes[str(key)] = takes.get(str(key), 0) + 1
    return [
        {
            "pk": job.pk,
            "key": str(job.key),
            "engine": job.engine,
            "state": job.state,
            "charged": job.charged,
            "doubtful": job.doubtful,
            "attempts": job.attempts,
            "worker": job.worker,
            "error": job.error,
            "details": job.details,
            "takes": takes.get(str(job.key), 0),
            "spends": [(row.kind, str(row.amount), row.source) for row in job.spends.all()],
            "counted": str(job.counted),
            "estimate": str(job.estimate),
            "started": job.started.timestamp() if job.started else None,
            "finished": job.finished.timestamp() if job.finished else None,
            "events": [(event.before, event.after, event.note) for event in job.events.all()],
            "batch": str(job.batch.key),
            "batch_over": job.batch.finished is not None,
        }
        for job in rows
    ]


def batches(keys: list[str]) -> dict[str, int]:
    """How many jobs the batch of each of these keys has; a key without a batch is missing."""
    return {str(batch.key): batch.jobs.count() for batch in Batch.objects.filter(key__in=keys)}


def left_over() -> dict[str, int]:
    """Drawn pictures that no take shows, files in the storage that no row names, and spooled pictures."""
    named = set(Image.objects.values_list("original", flat=True)) | set(
        Rendition.objects.values_list("path", flat=True)
    )
    files = list(_files(""))
    return {
        "rows": Image.objects.filter(source=Image.Source.DRAWN, takes=None).count(),
        "files": sum(not one.startswith("spool/") and one not in named for one in files),
        "spooled": sum(one.startswith("spool/") for one in files),
    }


def _files(folder: str) -> Any:
    try:
        folders, files = storages["default"].listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _files(f"{folder}/{name}".lstrip("/"))


def main() -> None:
    for line in sys.stdin:
        told = json.loads(line)
        close_old_connections()
        try:
            answer: dict[str, Any] = {"is": globals()[told.pop("do")](**told)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=lambda one: str(one) if isinstance(one, Decimal) else repr(one)), flush=True)


if __name__ == "__main__":
    main()
