"""Jobs are files. A job is claimed by renaming its file, so that two workers never share one."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rondo_worker.geocode import Position

MAX_ATTEMPTS = 4
CLAIMED_SUFFIX = ".claimed"


@dataclass(frozen=True)
class Job:
    kind: str
    payload: dict[str, Any]
    attempts: int
    path: Path


def claim_jobs(folder: Path) -> Iterator[Job]:
    """The jobs that wait, oldest first."""
    for path in sorted(folder.glob("*.job.json")):
        claimed = path.with_suffix(CLAIMED_SUFFIX)
        try:
            path.rename(claimed)
        except FileNotFoundError:
            continue  # Another worker was faster.
        content = json.loads(claimed.read_text(encoding="utf-8"))
        yield Job(content["kind"], content["payload"], content.get("attempts", 0), claimed)


def finish(job: Job, succeeded: bool) -> None:
    """Removes a job that is done; puts one that failed back, MAX_ATTEMPTS times at most."""
    attempts = job.attempts + 1
    if succeeded or attempts >= MAX_ATTEMPTS:
        job.path.unlink()
        return
    content = {"kind": job.kind, "payload": job.payload, "attempts": attempts}
    job.path.write_text(json.dumps(content), encoding="utf-8")
    job.path.rename(job.path.with_suffix(".json"))


def write_position(folder: Path, delivery_id: str, position: Position) -> None:
    """Tells the API where a delivery goes."""
    part = folder / f"{delivery_id}.part"
    part.write_text(json.dumps(asdict(position)), encoding="utf-8")
    part.rename(folder / f"{delivery_id}.position.json")
