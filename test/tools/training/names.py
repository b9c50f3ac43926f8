"""Names and values that occur once in a document, so that an answer can only come from it."""

import random
from collections.abc import Callable
from typing import Literal

from vocabulary import Words

Style = Literal["camel", "pascal", "snake", "constant"]


def join_words(words: list[str], style: Style) -> str:
    """Writes words as one identifier."""
    if style == "camel":
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style == "pascal":
        return "".join(word.capitalize() for word in words)
    if style == "snake":
        return "_".join(words)
    return "_".join(word.upper() for word in words)


class Names:
    """Draws names and values; `reset` begins a new document."""

    def __init__(self, rng: random.Random, words: Words, novel: bool) -> None:
        """`novel`: most words are ones that training never puts into an identifier."""
        self.rng = rng
        self.common = words.common
        self.tail = words.held_out if novel else words.tail
        self.common_share = 0.4 if novel else 0.8
        self.novel = novel
        self.used: set[str] = set()
        self.shapes: dict[str, tuple[list[str], Style]] = {}

    def reset(self) -> None:
        """Forgets what was drawn."""
        self.used, self.shapes = set(), {}

    def word(self) -> str:
        """One word, a frequent one more often than not."""
        if self.novel:
            rare = self.rng.random() < 1 - self.common_share
        else:
            rare = self.rng.random() >= self.common_share
        return self.rng.choice(self.tail if rare else self.common)

    def words(self, count: int) -> list[str]:
        """Several words, which may repeat."""
        return [self.word() for _ in range(count)]

    def identifier(self, python: bool, style: Style | None = None, near: str | None = None) -> str:
        """A new identifier; with `near`, one that shares all but one word with that one."""
        return self._fresh(lambda: self._identifier(python, style, near))

    def number(self) -> str:
        """A number of two to five digits."""
        return self._fresh(self._number)

    def text(self) -> str:
        """A string value, without quotes."""
        return self._fresh(self._text)

    def module_path(self, python: bool) -> str:
        """What a name is imported from."""
        path = self._fresh(self._module_path)
        return path.lstrip("./@").replace("/", ".").replace("-", "_") if python else path

    def file_path(self, python: bool) -> str:
        """The path of a source file in its repository."""
        return self._fresh(lambda: self._file_path(python))

    def parameter(self, python: bool) -> str:
        """A parameter's name; unique in its function only."""
        if self.rng.random() < 0.5:
            return join_words(self.words(1), "snake")
        return join_words(self.words(2), "snake" if python else "camel")

    def argument(self) -> str:
        """The name of an argument that no question is about."""
        return self.rng.choice("a b x y n value input data item key name opts args id".split())

    def _fresh(self, draw: Callable[[], str]) -> str:
        for _ in range(50):
            name = draw()
            if name not in self.used:
                self.used.add(name)
                return name
        raise RuntimeError("No unused name is left.")

    def _identifier(self, python: bool, style: Style | None, near: str | None) -> str:
        chosen = style or self._usual_style(python)
        if near is not None:
            words, chosen = list(self.shapes[near][0]), self.shapes[near][1]
            words[self.rng.randrange(len(words))] = self.word()
            if self.rng.random() < 0.15:
                words.append(self.word())
        else:
            many = 2 if chosen == "constant" else self.rng.choices((1, 2, 3), (8, 60, 32))[0]
            words = self.words(many)
        name = join_words(words, chosen)
        # A draw that was drawn before stands for the same words.
        self.shapes[name] = (words, chosen)
        return name

    def _usual_style(self, python: bool) -> Style:
        if python and self.rng.random() < 0.7:
            return "snake"
        styles: tuple[Style, ...] = ("camel", "snake", "constant")
        return self.rng.choices(styles, (78, 12, 10))[0]

    def _number(self) -> str:
        digits = self.rng.choices((2, 3, 4, 5), (15, 35, 38, 12))[0]
        return str(self.rng.randrange(10 ** (digits - 1), 10**digits))

    def _text(self) -> str:
        draw = self.rng.random()
        words = self.words(1 if draw < 0.15 else 2 if draw < 0.85 else 3)
        text = self.rng.choice("-----__.. ").join(words)
        if self.rng.random() < 0.12:
            text += self.rng.choice("-:") + str(self.rng.randrange(10, 1000))
        return text

    def _module_path(self) -> str:
        rng, draw = self.rng, self.rng.random()
        if draw < 0.5:
            parts = [
                join_words(self.words(rng.choice((1, 1, 2))), "camel")
                for _ in range(rng.choice((1, 2)))
            ]
            return "./" + "/".join(parts)
        if draw < 0.7:
            return f"../{self.word()}/{self.word()}"
        if draw < 0.85:
            return f"@{self.word()}/{self.word()}"
        return f"{self.word()}-{self.word()}"

    def _file_path(self, python: bool) -> str:
        rng = self.rng
        folder = rng.choice("src src src lib lib app test core packages server tools".split())
        if rng.random() < 0.45:
            folder += "/" + self.word()
        words = self.words(rng.choice((1, 2, 2)))
        styles: tuple[Style, ...] = ("camel", "camel", "pascal", "snake")
        base = join_words(words, "snake" if python else rng.choice(styles))
        suffix = ".py" if python else rng.choice((".ts", ".ts", ".ts", ".js", ".tsx"))
        return f"{folder}/{base}{suffix}"
