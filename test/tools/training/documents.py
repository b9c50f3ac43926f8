"""Documents: a made-up repository in the model's format, with questions about it.

<|bos|>[<|im_start|>system ...<|im_end|>]<|repo_name|>name
<|file_sep|>path
code ...<|im_start|>user QUESTION<|im_end|><|im_start|>assistant ANSWER<|im_end|> ...
"""

import random
from dataclasses import dataclass, field

from document import Block, Document, Encode, Filler, Plan, Turn
from facts import Fact, Facts, SourceFile
from names import Names, join_words
from shapes import Pair, Shapes
from vocabulary import (
    BOS,
    FILE_SEPARATOR,
    REPOSITORY_NAME,
    SYSTEM_PROMPT,
    TURN_END,
    TURN_START,
)


@dataclass
class _Draft:
    room: int
    counts_turns: bool
    facts: list[Fact] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pairs: list[tuple[int, Pair, Fact | None]] = field(default_factory=list)
    code_tokens: int = 0

    def turn_tokens(self, turn: Turn) -> int:
        return len(turn.tokens) if self.counts_turns else 0

    def used(self) -> int:
        return sum(len(block.tokens) for block in self.blocks) + self.asked()

    def asked(self) -> int:
        return sum(self.turn_tokens(turn) for turn in self.turns)


class Documents:
    """Draws documents; everything is a function of the seed of `rng`."""

    def __init__(self, rng: random.Random, names: Names, encode: Encode, filler: Filler) -> None:
        self.rng, self.names, self.encode, self.filler = rng, names, encode, filler
        self.shapes = Shapes(rng, names)
        self.facts = Facts(rng, names, self.shapes)

    def draw(self, plan: Plan) -> Document:
        """A document of about `plan.length` tokens."""
        while (document := self._attempt(plan)) is None:
            pass
        return document

    def turn(self, fact: Fact) -> Turn:
        """The question and the answer in the chat format."""
        before = [TURN_START, *self.encode("user\n" + fact.question), TURN_END]
        before += [*self.encode("\n"), TURN_START, *self.encode("assistant\n")]
        answer = [*self.encode(fact.answer), TURN_END]
        end = len(before) + len(answer)
        return Turn(before + answer + self.encode("\n"), len(before), end)

    def _attempt(self, plan: Plan) -> Document | None:
        rng, length = self.rng, plan.length
        self.names.reset()
        self._draw_files(length)
        filler_share = rng.random() ** 1.5 * 0.8
        turn_share = rng.uniform(*_turn_shares(length))
        layout = rng.choices(("plain", "system", "within-system"), (42, 36, 22))[0]
        head = self._head(layout)
        headers = [[FILE_SEPARATOR, *self.encode(f.path + "\n")] for f in self.facts.files]
        closing = [TURN_END, *self.encode("\n")] if layout == "within-system" else []
        fixed = len(head) + len(closing) + sum(map(len, headers)) + (56 if plan.separate else 0)
        draft = _Draft(length + 1 - fixed, counts_turns=not plan.separate)
        self._draw_asked(draft, plan, turn_share)
        self._write_pairs(draft)
        if not self._trim(draft):
            return None
        self._fill(draft, plan, filler_share)
        return self._lay_out(draft, head, headers, closing)

    def _draw_files(self, length: int) -> None:
        least, most = (1, 2) if length <= 256 else (2, 4) if length <= 512 else (3, 7)
        if length > 1024:
            least, most = 4, 10
        files = []
        for _ in range(self.rng.randint(least, most)):
            python = self.rng.random() < 0.18
            files.append(SourceFile(self.names.file_path(python), python))
        self.facts.files = files

    def _head(self, layout: str) -> list[int]:
        head = [BOS]
        if layout == "system":
            head += [TURN_START, *self.encode("system\n" + SYSTEM_PROMPT), TURN_END]
            head += self.encode("\n")
        elif layout == "within-system":
            head += [TURN_START, *self.encode("system\n" + SYSTEM_PROMPT + "\n")]
        name = join_words(self.names.words(2), "snake").replace("_", "-")
        return [*head, REPOSITORY_NAME, *self.encode(name + "\n")]

    def _draw_asked(self, draft: _Draft, plan: Plan, turn_share: float) -> None:
        rng = self.rng
        kinds, weights = zip(*plan.mix.items(), strict=True)
        while plan.questions is None or len(draft.facts) < plan.questions:
            fact = self.facts.draw(rng.choices(kinds, weights)[0])
            other = rng.random() < 0.12
            if other and plan.ask_for_files and fact.kind in ("returns", "default", "const"):
                fact = self.facts.asked_for_file(fact)
            turn = self.turn(fact)
            asked = draft.asked() + draft.turn_tokens(turn)
            enough = plan.questions is None and asked > turn_share * draft.room
            if (enough and draft.facts) or asked + draft.code_tokens + 40 > draft.room:
                break
            draft.facts.append(fact)
            draft.turns.append(turn)
            self._state(draft, fact, asked=True)
            if plan.near_misses and rng.random() < 0.45:
                same = fact.kind != "alias" and rng.random() < 0.7
                near = self.facts.draw(fact.kind if same else "const", near=fact.key)
                self._state(draft, near, asked=False)
            if draft.code_tokens + asked > draft.room - 30:
                break

    def _state(self, draft: _Draft, fact: Fact, asked: bool) -> None:
        for file, code in fact.blocks:
            if isinstance(code, tuple):
                draft.pairs.append((file, code, fact if asked else None))
                draft.code_tokens += 14
            else:
                tokens = self.encode(code)
                draft.blocks.append(Block(file, tokens, [fact] if asked else []))
                draft.code_tokens += len(tokens)

    def _write_pairs(self, draft: _Draft) -> None:
        """Writes pairs as single assignments or together as members of one object."""
        rng = self.rng
        rng.shuffle(draft.pairs)
        by_file: dict[int, list[tuple[Pair, Fact | None]]] = {}
        for file, pair, fact in draft.pairs:
            by_file.setdefault(file, []).append((pair, fact))
        for file, entries in by_file.items():
            python = self.facts.files[file].python
            while entries:
                many = 1 if rng.random() < 0.55 else min(len(entries), rng.randint(2, 4))
                group, entries = entries[:many], entries[many:]
                if many == 1 and rng.random() < 0.8:
                    text = self.shapes.assignment(python, *group[0][0])
                else:
                    text = self.shapes.group(python, [pair for pair, _ in group])
                facts = [fact for _, fact in group if fact is not None]
                draft.blocks.append(Block(file, self.encode(text), facts))

    def _trim(self, draft: _Draft) -> bool:
        """Drops near misses, then questions, until all fits; false where nothing is left."""
        while draft.used() > draft.room:
            spare = [i for i, block in enumerate(draft.blocks) if not block.facts]
            if spare:
                draft.blocks.pop(self.rng.choice(spare))
                continue
            dropped = draft.facts.pop()
            draft.turns.pop()
            if not draft.facts:
                return False
            for block in draft.blocks:
                block.facts = [fact for fact in block.facts if fact is not dropped]
        return True

    def _fill(self, draft: _Draft, plan: Plan, filler_share: float) -> None:
        """Fills the room with real code and with unrelated facts."""
        rng, misses = self.rng, 0
        kinds, weights = zip(*plan.mix.items(), strict=True)
        room = draft.room - draft.used()
        while room > 8 and misses < 12:
            file = rng.randrange(len(self.facts.files))
            python = self.facts.files[file].python
            if rng.random() < filler_share or room < 16:
                lines = self.filler.lines(rng, python, room)
                blocks = [] if lines is None else [Block(file, lines, [])]
            else:
                blocks = self._unasked(self.facts.draw(rng.choices(kinds, weights)[0]))
            size = sum(len(block.tokens) for block in blocks)
            if not blocks or size > room:
                misses += 1
                continue
            draft.blocks += blocks
            room -= size

    def _unasked(self, fact: Fact) -> list[Block]:
        blocks = []
        for file, code in fact.blocks:
            python = self.facts.files[file].python
            text = self.shapes.assignment(python, *code) if isinstance(code, tuple) else code
            blocks.append(Block(file, self.encode(text), []))
        return blocks

    def _lay_out(
        self, draft: _Draft, head: list[int], headers: list[list[int]], closing: list[int]
    ) -> Document:
        self.rng.shuffle(draft.blocks)
        code = list(head)
        places: list[list[int]] = [[] for _ in draft.facts]
        for file, header in enumerate(headers):
            code += header
            for block in draft.blocks:
                if block.file != file:
                    continue
                for fact in block.facts:
                    places[draft.facts.index(fact)].append(len(code))
                code += block.tokens
        return Document(code + closing, draft.facts, draft.turns, places)


def _turn_shares(length: int) -> tuple[float, float]:
    if length <= 256:
        return 0.5, 0.7
    if length <= 512:
        return 0.35, 0.6
    return (0.25, 0.45) if length <= 1024 else (0.15, 0.35)
