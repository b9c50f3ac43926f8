"""Special tokens, the task's wording and the words that names are made of."""

import json
from dataclasses import dataclass
from pathlib import Path

SPECIAL_TOKENS = [
    "<|bos|>",
    "<|eos|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|fim_prefix|>",
    "<|fim_suffix|>",
    "<|fim_middle|>",
    "<|file_sep|>",
    "<|repo_name|>",
    "<|pad|>",
]
(
    BOS,
    EOS,
    TURN_START,
    TURN_END,
    FIM_PREFIX,
    FIM_SUFFIX,
    FIM_MIDDLE,
    FILE_SEPARATOR,
    REPOSITORY_NAME,
    PAD,
) = range(len(SPECIAL_TOKENS))

VOCABULARY_SIZE = 2048
SYSTEM_PROMPT = "You answer questions about the repository."
TOKENIZER_PATH = Path(__file__).parent / "tokenizer.json"
WORDS_PATH = Path(__file__).parents[2] / "quality" / "generator" / "words.json"


@dataclass(frozen=True)
class Words:
    """Words of identifiers: the frequent ones, rarer ones, and rarer ones kept from training."""

    common: list[str]
    tail: list[str]
    held_out: list[str]


def load_words() -> Words:
    """Reads the list that the quality benchmark's generator uses as well."""
    lists = json.loads(WORDS_PATH.read_text(encoding="utf8"))
    split = {key: " ".join(lines).split(" ") for key, lines in lists.items()}
    return Words(split["common"], split["tail"], split["heldOut"])
