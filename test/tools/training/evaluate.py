"""Evaluates trained weights on fresh documents, each question alone behind the code.

    python evaluate.py ../../../extension/models/bundled/loci-tiny-f16.gguf

Another seed, files of the corpus that training never saw, and (`novel`) names of words that it
never used. Prints JSON: accuracy by kind and by how deep in the document the answer stands.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import torch
import torch.nn.functional as functional
from tokenizers import Tokenizer

from checkpoints import load_model
from corpus import Corpus
from document import Document, Plan
from model import Model
from samples import MIXES, Samples
from vocabulary import TOKENIZER_PATH

SEED = 424_242
# Length, documents, questions per document.
SIZES = ((512, 60, 14), (1024, 50, 18), (2048, 40, 24), (4096, 8, 26))
NOVEL_LENGTH = 1024
MOST_POSITIONS = 8192


@torch.no_grad()
def right_answers(model: Model, document: Document) -> list[bool]:
    """Which answers are exactly right; one pass in which each turn sees the code and itself."""
    code = len(document.code)
    tokens, positions, owners = list(document.code), list(range(code)), [-1] * code
    for index, turn in enumerate(document.turns):
        tokens += turn.tokens
        positions += range(code, code + len(turn.tokens))
        owners += [index] * len(turn.tokens)
    owner = torch.tensor(owners)
    mask = torch.ones(len(tokens), len(tokens), dtype=torch.bool).tril()
    mask &= (owner[None] == -1) | (owner[None] == owner[:, None])
    at = torch.tensor([positions])
    cos, sin = model.cos[at][:, :, None], model.sin[at][:, :, None]
    x = model.embedding(torch.tensor([tokens]))
    for block in model.blocks:
        q, k, v = (t.transpose(1, 2) for t in block.project(x, cos, sin))
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
        x = block.feed_forward(x + block.output(seen.transpose(1, 2).flatten(2)))
    logits = functional.linear(model.norm(x[0, code:]), model.embedding.weight)
    likeliest = logits.argmax(-1).tolist()
    results, first = [], 0
    for turn in document.turns:
        guess = likeliest[first + turn.start - 1 : first + turn.end - 1]
        results.append(guess == turn.tokens[turn.start : turn.end])
        first += len(turn.tokens)
    return results


def evaluate(model: Model, samples: Samples, length: int, documents: int, questions: int) -> object:
    """Accuracy over documents of one length."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    plan = Plan(length, MIXES["full"], questions=questions, separate=True)
    for _ in range(documents):
        document = samples.documents.draw(plan)
        answers = right_answers(model, document)
        for fact, places, is_right in zip(document.facts, document.places, answers, strict=True):
            depth = min(4, int(5 * places[0] / len(document.code)))
            for key in ("all", fact.kind, f"fifth {depth + 1}"):
                total[key] += 1
                right[key] += is_right
    return {
        key: {"accuracy": round(right[key] / total[key], 4), "questions": total[key]}
        for key in sorted(total)
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("build/training/corpus.jsonl"))
    parser.add_argument("--quick", action="store_true", help="a quarter of the documents")
    options = parser.parse_args()
    model = load_model(options.weights, MOST_POSITIONS)
    tokenizer = Tokenizer.from_file(str(TOKENIZER_PATH))
    corpus = Corpus(tokenizer, options.corpus, held_out=True)
    results = {}
    for novel in (False, True):
        for length, documents, questions in SIZES:
            if novel and length != NOVEL_LENGTH:
                continue
            many = max(4, documents // 4) if options.quick else documents
            samples = Samples(tokenizer, corpus, SEED + length + novel, novel)
            name = f"{'novel' if novel else 'held-out'} {length}"
            results[name] = evaluate(model, samples, length, many, questions)
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
