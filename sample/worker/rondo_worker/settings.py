"""What the worker is told by its environment."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_POLL_SECONDS = 2
DEFAULT_GAZETTEER = "data/addresses.csv"
DEFAULT_REPORT_FOLDER = "data/reports"


@dataclass(frozen=True)
class Settings:
    job_folder: Path
    gazetteer: Path
    report_folder: Path
    sms_gateway_url: str | None
    poll_seconds: float

    @classmethod
    def from_environment(cls) -> "Settings":
        read = os.environ.get
        return cls(
            job_folder=Path(read("RONDO_JOBS", "data/jobs")),
            gazetteer=Path(read("RONDO_GAZETTEER", DEFAULT_GAZETTEER)),
            report_folder=Path(read("RONDO_REPORTS", DEFAULT_REPORT_FOLDER)),
            sms_gateway_url=read("SMS_GATEWAY_URL"),
            poll_seconds=float(read("RONDO_POLL_SECONDS", DEFAULT_POLL_SECONDS)),
        )
