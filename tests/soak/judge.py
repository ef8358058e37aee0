"""The services' ledgers against ours, job by job: the only judge of a soak."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.soak.world import PAID, World

ACTIVE = {"queued", "starting", "waiting", "saving"}


@dataclass
class Verdict:
    """Of a round: jobs, takes, what the services charged, and everything that must be none. `listed` are the uncertain attempts."""

    jobs: int = 0
    takes: int = 0
    charged: int = 0
    twice: list[str] = field(default_factory=list)  # one attempt, charged more than once
    lost: list[str] = field(default_factory=list)  # charged, and neither a take nor listed as uncertain
    stuck: list[str] = field(default_factory=list)  # not over
    untrue: list[str] = field(default_factory=list)  # the ledger says other than the service's
    failed: list[str] = field(default_factory=list)  # over without a take, and said to be not charged
    listed: list[dict[str, Any]] = field(default_factory=list)
    again: int = 0  # attempts that a later worker took up
    engines: Counter[str] = field(default_factory=Counter)

    @property
    def wrong(self) -> list[str]:
        return [*self.twice, *self.lost, *self.stuck, *self.untrue]

    def add(self, other: Verdict) -> None:
        for name in ("jobs", "takes", "charged", "again"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("twice", "lost", "stuck", "untrue", "failed", "listed"):
            getattr(self, name).extend(getattr(other, name))
        self.engines.update(other.engines)


def charges(world: World) -> dict[str, list[Decimal]]:
    """What the services charged, by attempt. Where a service takes no key, the attempt stands at the beginning of the prompt."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for name in PAID:
        for row in world.services[name].charged():
            key = row["words"][1:37] if name == "gemini" else row["key"]
            found[key].append(Decimal(str(row["amount"])))
    return found


def judge(world: World, after: int = 0) -> Verdict:
    """Of the jobs that came after that number."""
    verdict, theirs = Verdict(), charges(world)
    for job in world.inside.do("jobs", after=after):
        _one(verdict, job, theirs.get(job["key"], []))
    return verdict


def _one(verdict: Verdict, job: dict[str, Any], paid: list[Decimal]) -> None:
    name = f"{job['engine']} {job['key']} {job['state']}: {job['error']}"
    kinds = {kind: Decimal(amount) for kind, amount, _ in job["spends"]}
    verdict.jobs += 1
    verdict.engines[job["engine"]] += 1
    verdict.takes += job["takes"]
    verdict.charged += len(paid)
    verdict.again += job["attempts"] > 1 or any("after the worker stopped" in note for _, _, note in job["events"])
    if len(paid) > 1:
        verdict.twice.append(name)
    if job["state"] in ACTIVE or not (job["batch_over"] or job["state"] in ACTIVE):
        verdict.stuck.append(name)
        return
    if job["state"] == "unknown":
        verdict.listed.append(
            {"engine": job["engine"], "charged": bool(paid), "estimate": job["estimate"], "error": job["error"]}
        )
    if paid and not job["takes"] and job["state"] != "unknown":
        verdict.lost.append(name)
    verdict.untrue += [f"{name} ({why})" for why in _lies(job, kinds, paid)]
    if job["state"] in {"failed", "refused"}:
        verdict.failed.append(name)


def _lies(job: dict[str, Any], kinds: dict[str, Decimal], paid: list[Decimal]) -> list[str]:
    """What our rows say that is not so."""
    ends = set(kinds) - {"reserved"}
    if job["state"] == "done" and ends == {"uncertain", "charged"}:  # a machine that was given up woke with the picture
        ends = {"charged"}
    found = []
    if len(ends) != 1 or "reserved" not in kinds:
        found.append(f"the ledger has {sorted(kinds)}")
    if job["takes"] != (job["state"] == "done"):
        found.append(f"{job['takes']} takes")
    if (
        "charged" in kinds
        and job["engine"] in PAID
        and kinds["charged"] != sum(paid, Decimal(0)).quantize(kinds["charged"])
    ):
        found.append(f"charged {kinds['charged']}, the service {sum(paid)}")
    if paid and "released" in kinds:
        found.append("given back, but charged")
    if paid and job["charged"] is False:
        found.append("said to be not charged")
    if job["state"] == "unknown" and ends != {"uncertain"}:
        found.append(f"uncertain, and the ledger has {sorted(ends)}")
    return found
