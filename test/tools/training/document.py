"""What a document is made of, and what it is to be like."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from facts import Fact

Encode = Callable[[str], list[int]]


class Filler(Protocol):
    """Real code for between the facts."""

    def lines(self, rng: random.Random, python: bool, most_tokens: int) -> list[int] | None:
        """Tokens of a few lines, or none where they would be too many."""


@dataclass(frozen=True)
class Turn:
    """A question and its answer as tokens; the answer, with its end, is `[start, end)`."""

    tokens: list[int]
    start: int
    end: int


@dataclass
class Block:
    """Code of one file, and the asked facts that it states."""

    file: int
    tokens: list[int]
    facts: list[Fact]


@dataclass
class Document:
    """Code, then the turns. `places[i]` are the offsets of the code that states `facts[i]`."""

    code: list[int]
    facts: list[Fact]
    turns: list[Turn]
    places: list[list[int]]


@dataclass(frozen=True)
class Plan:
    """What a document is to be like."""

    length: int
    mix: dict[str, float]
    questions: int | None = None
    """So many questions; None: as many as the share of the turns allows."""
    separate: bool = False
    """The questions are asked one at a time behind the code, which then has nearly all the room."""
    near_misses: bool = True
    ask_for_files: bool = True
