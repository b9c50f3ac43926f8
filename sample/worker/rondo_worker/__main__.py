"""Takes jobs from the folder that the API writes to, until it is stopped."""

import logging
import time

from rondo_worker.geocode import Geocoder
from rondo_worker.jobs import Job, claim_jobs, finish, write_position
from rondo_worker.notify import SmsGateway
from rondo_worker.report import write_report
from rondo_worker.settings import Settings

log = logging.getLogger("rondo")


def handle(job: Job, settings: Settings, geocoder: Geocoder, gateway: SmsGateway) -> None:
    """Does one job; what it raises sends the job back into the folder."""
    if job.kind == "geocode":
        position = geocoder.locate(job.payload["address"])
        write_position(settings.job_folder, job.payload["id"], position)
    elif job.kind == "notify":
        gateway.send(job.payload["trackingCode"], job.payload["text"])
    elif job.kind == "report":
        write_report(job.payload, settings.report_folder)
    else:
        log.warning("a job of an unknown kind was dropped: %s", job.kind)


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    settings = Settings.from_environment()
    geocoder = Geocoder(settings.gazetteer)
    gateway = SmsGateway(settings.sms_gateway_url)
    while True:
        for job in claim_jobs(settings.job_folder):
            try:
                handle(job, settings, geocoder, gateway)
            except Exception:
                log.exception("job %s failed", job.path.name)
                finish(job, succeeded=False)
            else:
                finish(job, succeeded=True)
        time.sleep(settings.poll_seconds)


if __name__ == "__main__":
    main()
