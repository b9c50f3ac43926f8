"""Trains the tokenizer: byte-level BPE, one token a digit, over the corpus and made-up documents.

    python train_tokenizer.py --output build/training/tokenizer.json

Another tokenizer means another model: train that again too, with the new file in place of
`tokenizer.json`.
"""

import argparse
import json
import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from document import Plan
from documents import Documents
from names import Names
from samples import MIXES
from vocabulary import SPECIAL_TOKENS, VOCABULARY_SIZE, load_words

# The splitting that llama.cpp knows as "qwen2".
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
MADE_UP_CHARACTERS = 7_000_000


class _NoFiller:
    def lines(self, rng: random.Random, python: bool, most_tokens: int) -> list[int] | None:
        """There is no tokenised code before there is a tokenizer."""
        return None


def made_up_text(characters: int) -> list[str]:
    """Documents as text; their lengths are as if four characters were a token."""
    texts: list[str] = []
    # Smaller numbers are special tokens, which carry no text.
    first = len(SPECIAL_TOKENS)

    def encode(text: str) -> list[int]:
        texts.append(text)
        return [first + len(texts) - 1] + [-1] * (len(text) // 4)

    rng = random.Random(99)
    documents = Documents(rng, Names(rng, load_words(), novel=False), encode, _NoFiller())
    result, written = [], 0
    while written < characters:
        texts.clear()
        document = documents.draw(Plan(2048, MIXES["full"]))
        tokens = document.code + [token for turn in document.turns for token in turn.tokens]
        text = "".join(texts[token - first] for token in tokens if token >= first)
        result.append(text)
        written += len(text)
    return result


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("build/training/corpus.jsonl"))
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    with options.corpus.open(encoding="utf8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    random.Random(0).shuffle(texts)
    tokenizer = Tokenizer(models.BPE(byte_fallback=False))
    split = pre_tokenizers.Split(Regex(QWEN2), "isolated")
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, to_bytes])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=SPECIAL_TOKENS,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts + made_up_text(MADE_UP_CHARACTERS), trainer)
    tokenizer.save(str(options.output))


if __name__ == "__main__":
    main()
