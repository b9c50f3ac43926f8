"""Tokenised real code: whole files to learn the language, lines to stand between facts."""

import json
import random
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

HELD_OUT_EVERY = 25
MOST_LINES_OF_A_CHUNK = 13


class Corpus:
    """The files that `collect_corpus.py` gathered; every 25th is kept from training."""

    def __init__(self, tokenizer: Tokenizer, source: Path, held_out: bool = False) -> None:
        """Tokenises once and keeps the result beside the source."""
        cache = source.with_name(f"{source.stem}-{'held-out' if held_out else 'train'}.npz")
        if not cache.exists():
            _tokenise(tokenizer, source, held_out, cache)
        arrays = np.load(cache)
        self.tokens: np.ndarray = arrays["tokens"]
        self.file_starts: np.ndarray = arrays["file_starts"]
        self._line_tokens: np.ndarray = arrays["line_tokens"]
        self._line_starts: np.ndarray = arrays["line_starts"]
        self._first_lines: np.ndarray = arrays["first_lines"]
        lines = np.diff(self._first_lines)
        long = lines >= MOST_LINES_OF_A_CHUNK
        self._by_language = [
            np.flatnonzero(long & (arrays["python"] == python)).tolist() for python in (0, 1)
        ]

    def lines(self, rng: random.Random, python: bool, most_tokens: int) -> list[int] | None:
        """A few consecutive lines of a file, or none where they would be too long."""
        files = self._by_language[python]
        if not files:
            return None
        file = rng.choice(files)
        first, end = int(self._first_lines[file]), int(self._first_lines[file + 1])
        start = rng.randrange(first, end)
        stop = min(end, start + rng.choice((1, 2, 3, 4, 6, 9, MOST_LINES_OF_A_CHUNK)))
        while stop > start + 1 and self._length(start, stop) > most_tokens:
            stop -= 1
        if self._length(start, stop) > most_tokens:
            return None
        span = slice(self._line_starts[start], self._line_starts[stop])
        return [int(token) for token in self._line_tokens[span]]

    def _length(self, start: int, stop: int) -> int:
        return int(self._line_starts[stop] - self._line_starts[start])


def _tokenise(tokenizer: Tokenizer, source: Path, held_out: bool, cache: Path) -> None:
    with source.open(encoding="utf8") as lines:
        documents = [json.loads(line) for line in lines]
    chosen = [d for i, d in enumerate(documents) if (i % HELD_OUT_EVERY == 7) == held_out]

    def encode(texts: list[str]) -> list[np.ndarray]:
        encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
        return [np.array(encoding.ids, np.uint16) for encoding in encoded]

    files = encode([document["text"] for document in chosen])
    by_file = [
        encode([f"{line}\n" for line in d["text"].split("\n") if line.strip() and len(line) < 110])
        for d in chosen
    ]
    lines_of_all = [line for lines in by_file for line in lines]
    np.savez(
        cache,
        tokens=np.concatenate(files),
        file_starts=_starts(files),
        line_tokens=np.concatenate(lines_of_all),
        line_starts=_starts(lines_of_all),
        first_lines=np.cumsum([0] + [len(lines) for lines in by_file]),
        python=np.array([document["path"].endswith(".py") for document in chosen], np.int8),
    )


def _starts(parts: list[np.ndarray]) -> np.ndarray:
    return np.cumsum([0] + [len(part) for part in parts])
