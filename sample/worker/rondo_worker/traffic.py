"""How fast a rider is at which time of the day."""

import json
import logging
from pathlib import Path

FALLBACK_SPEED_KMH = 15
RUSH_HOUR_SLOWDOWN = 0.72
SLOWEST_KMH = 8

log = logging.getLogger("rondo.traffic")


def load_profile(path: Path) -> list[float]:
    """Speeds in km/h for each hour of the day; the fallback speed where there is no profile."""
    try:
        speeds = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        log.warning("no traffic profile")
        return default_profile()
    if len(speeds) != 24:
        raise ValueError("a traffic profile has 24 speeds")
    return [max(float(SLOWEST_KMH), float(speed)) for speed in speeds]


def default_profile() -> list[float]:
    """The fallback speed, slower from 7 to 9 and from 16 to 18."""
    return [
        FALLBACK_SPEED_KMH * RUSH_HOUR_SLOWDOWN if is_rush_hour(hour) else float(FALLBACK_SPEED_KMH)
        for hour in range(24)
    ]


def is_rush_hour(hour: int) -> bool:
    return 7 <= hour < 9 or 16 <= hour < 18
