"""When a rider will be where."""

from dataclasses import dataclass

HANDOVER_SECONDS = 240
ROUNDING_MINUTES = 5


@dataclass(frozen=True)
class Leg:
    """From one stop to the next."""

    kilometres: float


def arrival_minutes(legs: list[Leg], departure: float, profile: list[float]) -> list[float]:
    """Minutes after midnight at which each leg ends; the speed is that of the hour it begins in."""
    minute = departure
    arrivals = []
    for leg in legs:
        speed = profile[int(minute // 60) % 24]
        minute += leg.kilometres / speed * 60
        arrivals.append(minute)
        minute += HANDOVER_SECONDS / 60
    return arrivals


def promised(minute: float) -> int:
    """What a customer is told: rounded up, so that parcels come early rather than late."""
    return -(-int(minute) // ROUNDING_MINUTES) * ROUNDING_MINUTES
