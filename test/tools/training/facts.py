"""Facts: something that a repository states, and a question about it.

The phrasings are the ones that the quality benchmark asks in (`test/quality/generator/facts.ts`).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from names import Names, Style
from shapes import Pair, Shapes

KINDS = ["const", "str", "default", "file", "returns", "import", "caller", "quote", "alias"]


@dataclass(frozen=True)
class SourceFile:
    """A file of a document: its path and whether it is Python."""

    path: str
    python: bool


@dataclass(frozen=True, eq=False)
class Fact:
    """A question, its answer, and the code that states it.

    `blocks` are (file index, code); the code is text, or a pair that may stand alone or become a
    member of a group.
    """

    kind: str
    question: str
    answer: str
    key: str
    blocks: list[tuple[int, str | Pair]]


class Facts:
    """Draws facts about the files of one document."""

    def __init__(self, rng: random.Random, names: Names, shapes: Shapes) -> None:
        self.rng, self.names, self.shapes = rng, names, shapes
        self.files: list[SourceFile] = []
        self._drawers: dict[str, Callable[[int, str | None], Fact]] = {
            "const": self._constant,
            "str": self._string,
            "quote": self._quote,
            "returns": self._returns,
            "default": self._default,
            "import": self._import,
            "caller": self._caller,
            "file": self._file,
            "alias": self._alias,
        }

    def draw(self, kind: str, near: str | None = None) -> Fact:
        """A new fact in a random file; with `near`, about a name that resembles that one."""
        file = self.rng.randrange(len(self.files))
        known = near if near in self.names.shapes else None
        return self._drawers[kind](file, known)

    def asked_for_file(self, fact: Fact) -> Fact:
        """The same definition, asked for the file that it is in."""
        path, key = self.files[fact.blocks[0][0]].path, fact.key
        question = self.rng.choice(
            (
                f"Which file defines {key}?",
                f"In which file is {key} defined?",
                f"Where is {key} defined?",
            )
        )
        return replace(fact, kind="file", question=question, answer=path)

    def _name(self, file: int, near: str | None, style: Style | None = None) -> str:
        return self.names.identifier(self.files[file].python, style, near)

    def _literal(self, text_share: float) -> tuple[bool, str]:
        is_text = self.rng.random() < text_share
        return is_text, self.names.text() if is_text else self.names.number()

    def _source(self, is_text: bool, value: str) -> str:
        return self.shapes.quote(value) if is_text else value

    def _constant(self, file: int, near: str | None) -> Fact:
        key = self._name(file, near)
        value = self.names.number()
        question = self.rng.choice(
            (f"What is the value of {key}?",) * 4
            + (
                f"What value does {key} have?",
                f"What is {key} set to?",
                f"Value of {key}?",
                f"Tell me the value of {key}.",
                f"What number is {key}?",
            )
        )
        return Fact("const", question, value, key, [(file, (key, value))])

    def _string(self, file: int, near: str | None) -> Fact:
        key = self._name(file, near)
        value = self.names.text()
        question = self.rng.choice(
            (f"What is the value of {key}?",) * 2
            + (
                f"What string is {key} set to?",
                f"What is {key} set to?",
                f"What is the string value of {key}?",
                f"Value of {key}?",
                f"What is the config value of {key}?",
            )
        )
        return Fact("str", question, value, key, [(file, (key, self.shapes.quote(value)))])

    def _quote(self, file: int, near: str | None) -> Fact:
        key = self._name(file, near)
        is_text, value = self._literal(0.4)
        source = self._source(is_text, value)
        code = self.shapes.assignment(self.files[file].python, key, source)
        question = self.rng.choice(
            (
                f"Quote the line that defines {key}.",
                f"Show the definition of {key}.",
                f"Quote the definition of {key}.",
            )
        )
        return Fact("quote", question, code.rstrip("\n"), key, [(file, code)])

    def _returns(self, file: int, near: str | None) -> Fact:
        key = self._name(file, near)
        is_text, value = self._literal(0.25)
        question = self.rng.choice(
            (f"What does {key} return?",) * 3
            + (
                f"What value does {key} return?",
                f"What is returned by {key}?",
                f"What does the function {key} return?",
            )
        )
        source = self._source(is_text, value)
        code = self.shapes.returning(self.files[file].python, key, source)
        return Fact("returns", question, value, key, [(file, code)])

    def _default(self, file: int, near: str | None) -> Fact:
        python = self.files[file].python
        key = self._name(file, near)
        parameter = self.names.parameter(python)
        is_text, value = self._literal(0.2)
        question = self.rng.choice(
            (f"What is the default value of {parameter} in {key}?",) * 3
            + (
                f"What is the default {parameter} of {key}?",
                f"In {key}, what does {parameter} default to?",
                f"What does {parameter} default to in {key}?",
            )
        )
        source = self._source(is_text, value)
        code = self.shapes.with_default(python, key, parameter, source)
        return Fact("default", question, value, key, [(file, code)])

    def _import(self, file: int, near: str | None) -> Fact:
        python = self.files[file].python
        pascal = self.rng.random() >= 0.6
        key = self._name(file, near, "pascal" if pascal else None)
        module = self.names.module_path(python)
        question = self.rng.choice(
            (f"Which module is {key} imported from?",) * 3
            + (
                f"Where is {key} imported from?",
                f"From which module is {key} imported?",
                f"What module does {key} come from?",
            )
        )
        return Fact(
            "import", question, module, key, [(file, self.shapes.importing(python, key, module))]
        )

    def _caller(self, file: int, near: str | None) -> Fact:
        python = self.files[file].python
        key = self._name(file, near)
        caller = self.names.identifier(python)
        question = self.rng.choice(
            (f"Which function calls {key}?",) * 3
            + (f"What function calls {key}?", f"Who calls {key}?", f"Where is {key} called?")
        )
        blocks: list[tuple[int, str | Pair]] = [(file, self.shapes.calling(python, caller, key))]
        if self.rng.random() < 0.4:
            other = self.rng.randrange(len(self.files))
            blocks.append((other, self.shapes.plain_function(self.files[other].python, key)))
        return Fact("caller", question, caller, key, blocks)

    def _file(self, file: int, near: str | None) -> Fact:
        path, python = self.files[file].path, self.files[file].python
        is_class = self.rng.random() < 0.5
        key = self._name(file, near, "pascal" if is_class else None)
        named = self.rng.choice((key, key, key, ("class " if is_class else "function ") + key))
        question = self.rng.choice(
            (f"Which file defines {named}?",) * 3
            + (
                f"In which file is {named} defined?",
                f"Where is {named} defined?",
                f"What file contains {named}?",
            )
        )
        define = self.shapes.class_or_type if is_class else self.shapes.plain_function
        return Fact("file", question, path, key, [(file, define(python, key))])

    def _alias(self, file: int, near: str | None) -> Fact:
        other = self.rng.randrange(len(self.files))
        key = self._name(file, near)
        target = self.names.identifier(self.files[other].python)
        value = self.names.number()
        question = self.rng.choice(
            (f"What is the value of {key}?",) * 3
            + (f"What value does {key} have?", f"What number is {key}?", f"What is {key} set to?")
        )
        code = self.shapes.assignment(self.files[file].python, key, target)
        return Fact("alias", question, value, key, [(file, code), (other, (target, value))])
