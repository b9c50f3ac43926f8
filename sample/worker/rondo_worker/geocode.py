"""From an address to a position, by a table of streets."""

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path

GEOCODE_CACHE_SIZE = 5000


@dataclass(frozen=True)
class Position:
    latitude: float
    longitude: float


class UnknownAddress(Exception):
    """The table has no such street."""


def normalise_street(street: str) -> str:
    """Spelled the same way whoever typed it: no accents, no case, no house number."""
    plain = unicodedata.normalize("NFKD", street).encode("ascii", "ignore").decode()
    words = plain.lower().replace("str.", "street").split()
    return " ".join(word for word in words if not word[0].isdigit())


class Geocoder:
    def __init__(self, gazetteer: Path) -> None:
        self._gazetteer = gazetteer
        self._table: dict[tuple[str, str], Position] | None = None
        self._cache: dict[tuple[str, str], Position] = {}

    def locate(self, address: dict[str, str]) -> Position:
        """Raises UnknownAddress where the street is not in the table."""
        key = (address["postcode"], normalise_street(address["street"]))
        if key in self._cache:
            return self._cache[key]
        position = self._read_table().get(key)
        if position is None:
            raise UnknownAddress(", ".join(key))
        if len(self._cache) >= GEOCODE_CACHE_SIZE:
            self._cache.clear()
        self._cache[key] = position
        return position

    def _read_table(self) -> dict[tuple[str, str], Position]:
        if self._table is None:
            with self._gazetteer.open(encoding="utf-8", newline="") as file:
                self._table = {
                    (row["postcode"], normalise_street(row["street"])): Position(
                        float(row["latitude"]), float(row["longitude"])
                    )
                    for row in csv.DictReader(file)
                }
        return self._table
