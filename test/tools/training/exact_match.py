"""How often the model answers exactly, measured while it trains.

Under teacher forcing an answer counts as right when each of its tokens, the end of the turn
included, is the likeliest one: the same event as greedy decoding giving exactly that answer.
"""

from collections import Counter
from contextlib import AbstractContextManager

import torch

from model import Model
from samples import Samples
from vocabulary import PAD


@torch.no_grad()
def exact_match(
    model: Model,
    samples: Samples,
    length: int,
    documents: int,
    stage: str,
    precision: AbstractContextManager[object],
    rows: int,
) -> tuple[dict[str, float], float]:
    """Accuracy by kind and over all, on fresh documents; several questions stand in one row."""
    device = model.embedding.weight.device
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    drawn = [samples.questions(length, stage) for _ in range(documents)]
    for first in range(0, documents, rows):
        part = drawn[first : first + rows]
        tokens = torch.full((len(part), length), PAD)
        for row, document in zip(tokens, part, strict=True):
            own = document.tokens[:length]
            row[: len(own)] = torch.tensor(own)
        with precision:
            likeliest = model.logits(tokens.to(device)).argmax(-1).cpu()
        for row, guess, document in zip(tokens, likeliest, part, strict=True):
            for turn in document.asked:
                if turn.end > length:
                    continue
                kind = turn.fact.kind
                total[kind] += 1
                same = guess[turn.start - 1 : turn.end - 1] == row[turn.start : turn.end]
                right[kind] += int(same.all())
    by_kind = {kind: round(right[kind] / total[kind], 3) for kind in sorted(total)}
    return by_kind, round(right.total() / max(1, total.total()), 4)


@torch.no_grad()
def copy_accuracy(
    model: Model, samples: Samples, length: int, precision: AbstractContextManager[object]
) -> float:
    """The share of value tokens predicted right in the second copy of rows that only copy."""
    rows = [samples.echo(length) for _ in range(16)]
    tokens = torch.full((len(rows), length), PAD)
    counted = torch.zeros(len(rows), length, dtype=torch.bool)
    for index, row in enumerate(rows):
        own = min(length, len(row.tokens))
        tokens[index, :own] = torch.tensor(row.tokens[:own])
        counted[index, :own] = torch.tensor(row.weights[:own]) == samples.weights.answer
    with precision:
        likeliest = model.logits(tokens.to(model.embedding.weight.device)).argmax(-1).cpu()
    right = (likeliest[:, :-1] == tokens[:, 1:])[counted[:, 1:]]
    return round(float(right.float().mean()), 3)
