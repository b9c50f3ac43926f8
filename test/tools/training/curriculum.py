"""What is trained when: everything is a function of the share of the run that is over."""

import math
from dataclasses import dataclass

import numpy as np

WARM_UP_STEPS = 60
LAST_RATE = 0.03


@dataclass(frozen=True)
class Stage:
    """A part of the run, until the share `until` of it is over."""

    until: float
    length: int
    rows: int
    mix: str
    question_share: float
    code_share: float


# The published run.
STAGES = [
    Stage(0.04, 256, 16, "easy", 0.95, 0.03),
    Stage(0.22, 256, 24, "mid", 0.90, 0.06),
    Stage(0.60, 512, 12, "full", 0.75, 0.14),
    Stage(0.82, 1024, 6, "full", 0.65, 0.20),
    Stage(1.01, 2048, 4, "full", 0.65, 0.20),
]

# For a run that starts from trained weights: the kinds that a model of this size learns.
CONTINUING_STAGES = [
    Stage(0.40, 1024, 6, "core", 0.80, 0.12),
    Stage(1.01, 2048, 4, "core", 0.80, 0.12),
]


def stage_at(stages: list[Stage], share: float) -> Stage:
    """The stage that a share of the run falls into."""
    return next(stage for stage in stages if share < stage.until)


def rate_at(step: int, share: float, decay_from: float) -> float:
    """The factor of the learning rate: a short warm-up, constant, then a cosine to 3 %."""
    rate = min(1.0, (step + 1) / WARM_UP_STEPS)
    if share <= decay_from:
        return rate
    progress = min(1.0, (share - decay_from) / (1 - decay_from))
    return rate * (LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * progress)))


def draw_positions(
    rng: np.random.Generator, rows: int, length: int, most: int, jump_share: float
) -> np.ndarray:
    """Positions of each row; some rows jump ahead one to three times (PoSE, arXiv 2309.10400).

    So short rows train the far positions too, and the model gets used to gaps between tokens.
    """
    positions = np.tile(np.arange(length), (rows, 1))
    for row in positions:
        if length >= most or rng.random() >= jump_share:
            continue
        room = most - length
        for _ in range(rng.integers(1, 4)):
            cut = rng.integers(1, length)
            jump = int(room * rng.random() ** 2)
            room -= jump
            row[cut:] += jump
    return positions
