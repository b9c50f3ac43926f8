"""The nightly report: how many parcels, how many in time."""

import csv
from pathlib import Path
from typing import Any

REPORT_NAME = "punctuality.csv"
LATE_AFTER_MINUTES = 10


def punctuality(deliveries: list[dict[str, Any]]) -> float:
    """The share of deliveries that came in time, in percent."""
    if not deliveries:
        return 100.0
    in_time = sum(1 for delivery in deliveries if not is_late(delivery))
    return 100 * in_time / len(deliveries)


def is_late(delivery: dict[str, Any]) -> bool:
    return delivery["arrivedAt"] > delivery["window"]["to"] + LATE_AFTER_MINUTES


def write_report(payload: dict[str, Any], folder: Path) -> Path:
    """Adds a line for the day to the report."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REPORT_NAME
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(["day", "deliveries", "punctuality"])
        deliveries = payload["deliveries"]
        writer.writerow([payload["day"], len(deliveries), round(punctuality(deliveries), 1)])
    return path
