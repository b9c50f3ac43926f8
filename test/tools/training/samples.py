"""Rows of training data: questions over repositories, copying, code and fill-in-the-middle."""

import random
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from corpus import Corpus
from document import Document, Filler, Plan, Turn
from documents import Documents
from facts import Fact
from names import Names
from vocabulary import (
    BOS,
    EOS,
    FIM_MIDDLE,
    FIM_PREFIX,
    FIM_SUFFIX,
    PAD,
    load_words,
)

# How likely each kind of question is, by stage of the curriculum.
MIXES: dict[str, dict[str, float]] = {
    "easy": {"const": 35, "str": 20, "returns": 15, "quote": 30},
    "mid": {
        "quote": 10,
        "const": 26,
        "str": 16,
        "default": 14,
        "returns": 16,
        "import": 12,
        "caller": 6,
        "file": 6,
    },
    "full": {
        "quote": 5,
        "const": 18,
        "str": 13,
        "default": 12,
        "file": 18,
        "returns": 12,
        "import": 10,
        "caller": 8,
        "alias": 7,
    },
    # For training on: the kinds that a model of this size learns.
    "core": {
        "quote": 4,
        "const": 28,
        "str": 17,
        "default": 13,
        "file": 18,
        "returns": 14,
        "import": 12,
    },
}

# Share of rows that only copy, by stage: the circuit that answering builds on.
ECHO_SHARES = {"easy": 0.5, "mid": 0.08}


@dataclass(frozen=True)
class Weights:
    """How much predicting a token counts."""

    context: float = 0.2
    question: float = 0.5
    answer: float = 5.0


@dataclass(frozen=True)
class AskedTurn:
    """A turn of a row: the answer, with its end token, is `[start, end)`."""

    fact: Fact
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """Tokens, the weight of predicting each, and the questions among them."""

    tokens: list[int]
    weights: list[float]
    asked: list[AskedTurn]


class Samples:
    """Draws rows; everything is a function of the seed."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        corpus: Corpus,
        seed: int,
        novel: bool = False,
        weights: Weights | None = None,
    ) -> None:
        """`novel`: names of words that training does not use; for evaluation."""
        self.rng = random.Random(seed)
        self.corpus = corpus
        self.weights = weights or Weights()
        self._tokenizer = tokenizer
        self._memo: dict[str, list[int]] = {}
        self.names = Names(self.rng, load_words(), novel)
        filler: Filler = corpus
        self.documents = Documents(self.rng, self.names, self.encode, filler)

    def encode(self, text: str) -> list[int]:
        """Tokens of text without special ones; short texts are remembered."""
        known = self._memo.get(text)
        if known is None:
            known = list(self._tokenizer.encode(text, add_special_tokens=False).ids)
            if len(self._memo) < 20_000 and len(text) < 24:
                self._memo[text] = known
        return known

    def row(self, length: int, stage: str, question_share: float, code_share: float) -> Row:
        """One row of `length + 1` tokens, padded with weightless ones."""
        draw = self.rng.random()
        if self.rng.random() < ECHO_SHARES.get(stage, 0):
            row = self.echo(length)
        elif draw < question_share:
            row = self.questions(length, stage)
        else:
            tokens: list[int] = []
            while len(tokens) < length - 32:
                plain = draw < question_share + code_share
                room = length - len(tokens)
                tokens += self.code(room) if plain else self.fill_in_the_middle(room)
            row = Row(tokens, [1.0] * len(tokens), [])
        tokens, weights = row.tokens[: length + 1], row.weights[: length + 1]
        missing = length + 1 - len(tokens)
        return Row(tokens + [PAD] * missing, weights + [0.0] * missing, row.asked)

    def questions(self, length: int, stage: str) -> Row:
        """A repository and questions about it."""
        plan = Plan(
            length,
            MIXES[stage],
            near_misses=stage != "easy",
            ask_for_files=stage in ("full", "core"),
        )
        return self._questions(self.documents.draw(plan), length)

    def echo(self, length: int) -> Row:
        """The same assignments twice in different orders: predicting the second is copying."""
        rng, weights = self.rng, self.weights
        self.names.reset()
        lines: list[tuple[list[int], int]] = []
        tokens = 0
        while tokens < length // 2 - 12 and len(lines) < 40:
            line = self._echo_line()
            lines.append(line)
            tokens += len(line[0])
        row, weight = [BOS], [0.0]
        for line_tokens, _ in lines:
            row += line_tokens
            weight += [weights.context] * len(line_tokens)
        rng.shuffle(lines)
        for line_tokens, value in lines:
            row += line_tokens
            weight += [weights.question] * value + [weights.answer] * (len(line_tokens) - value)
        return Row(row[: length + 1], weight[: length + 1], [])

    def code(self, length: int) -> list[int]:
        """Part of a real file."""
        corpus, rng = self.corpus, self.rng
        place = rng.randrange(len(corpus.tokens) - 1)
        file = int(np.searchsorted(corpus.file_starts, place, "right")) - 1
        first, end = int(corpus.file_starts[file]), int(corpus.file_starts[file + 1])
        from_start = rng.random() < 0.3
        latest = max(first + 1, end - length // 2)
        start = first if from_start else rng.randrange(first, latest)
        tokens = [BOS, *(int(token) for token in corpus.tokens[start : min(end, start + length)])]
        if start + length >= end:
            tokens.append(EOS)
        return tokens[: length + 1]

    def fill_in_the_middle(self, length: int) -> list[int]:
        """Part of a real file with a hole, and then what was in it."""
        tokens = self.code(length - 5)[1:]
        if tokens and tokens[-1] == EOS:
            tokens.pop()
        if len(tokens) < 12:
            return self.code(length)
        hole = min(len(tokens) // 2, self.rng.choice((3, 6, 10, 16, 24, 40, 64)))
        start = self.rng.randrange(0, len(tokens) - hole)
        middle = tokens[start : start + hole]
        before, after = tokens[:start], tokens[start + hole :]
        return [BOS, FIM_PREFIX, *before, FIM_SUFFIX, *after, FIM_MIDDLE, *middle, EOS]

    def _questions(self, document: Document, length: int) -> Row:
        weights = self.weights
        tokens = list(document.code)
        weight = [weights.context] * len(tokens)
        order: list[tuple[Fact, Turn]] = list(zip(document.facts, document.turns, strict=True))
        self.rng.shuffle(order)
        asked = []
        for fact, turn in order:
            asked.append(AskedTurn(fact, len(tokens) + turn.start, len(tokens) + turn.end))
            tokens += turn.tokens
            weight += [weights.question] * turn.start
            weight += [weights.answer] * (turn.end - turn.start)
            weight += [weights.question] * (len(turn.tokens) - turn.end)
        whole = [turn for turn in asked if turn.end <= length + 1]
        return Row(tokens[: length + 1], weight[: length + 1], whole)

    def _echo_line(self) -> tuple[list[int], int]:
        """An assignment, and where its value starts."""
        rng = self.rng
        python = rng.random() < 0.15
        name = self.names.identifier(python)
        is_text = rng.random() < 0.4
        value = self.names.text() if is_text else self.names.number()
        source = self.documents.shapes.quote(value) if is_text else value
        prefix = "" if python else rng.choice(("const ", "export const ", "let ", "  ", ""))
        assigns = bool(prefix.strip()) or python
        before = prefix + name + (" = " if assigns else ": ")
        end = "\n" if python else ";\n" if assigns else ",\n"
        # Inside the quotes: the answers to questions have none.
        value_start = len(self.encode(before)) - (1 if is_text else 0)
        return self.encode(before + source + end), value_start
