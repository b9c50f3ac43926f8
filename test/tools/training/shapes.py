"""The shapes that code takes around a name and its value, in TypeScript, JavaScript and Python.

The generator of the quality benchmark uses the same ones (`test/quality/generator/shapes.ts`).
"""

import random

from names import Names

Pair = tuple[str, str]


def _type(value: str, number: str, text: str) -> str:
    return number if value[0].isdigit() else text


class Shapes:
    """Draws one of the usual shapes of a statement; every text ends with a newline."""

    def __init__(self, rng: random.Random, names: Names) -> None:
        self.rng = rng
        self.names = names

    def quote(self, text: str) -> str:
        """The text as a string literal."""
        mark = self.rng.choice('"""\'')
        return mark + text + mark

    def assignment(self, python: bool, name: str, value: str) -> str:
        """A constant or variable."""
        if python:
            typed = f"{name}: {_type(value, 'int', 'str')} = {value}\n"
            return self.rng.choice((f"{name} = {value}\n", f"{name} = {value}\n", typed))
        return self.rng.choice(
            (
                f"const {name} = {value};\n",
                f"const {name} = {value};\n",
                f"export const {name} = {value};\n",
                f"export const {name} = {value};\n",
                f"let {name} = {value};\n",
                f"var {name} = {value};\n",
                f"export const {name}: {_type(value, 'number', 'string')} = {value};\n",
                f"export let {name} = {value};\n",
            )
        )

    def group(self, python: bool, pairs: list[Pair]) -> str:
        """Several names and values as members of one object, enumeration or class."""
        rng, name = self.rng, self.names.identifier(python)
        capitalised = name[0].upper() + name[1:]
        if python:
            if rng.random() < 0.5:
                members = "".join(f'    "{n}": {v},\n' for n, v in pairs)
                return f"{name} = {{\n{members}}}\n"
            return f"class {capitalised}:\n" + "".join(f"    {n} = {v}\n" for n, v in pairs)
        draw = rng.random()
        if draw < 0.5:
            heads = (f"const {name} = {{\n", f"export const {name} = {{\n")
            head = rng.choice((*heads, "export default {\n", "module.exports = {\n"))
            return head + "".join(f"  {n}: {v},\n" for n, v in pairs) + "};\n"
        if draw < 0.65:
            return "{\n" + ",\n".join(f'  "{n}": {v}' for n, v in pairs) + "\n}\n"
        if draw < 0.8:
            members = "".join(f"  {n} = {v},\n" for n, v in pairs)
            return f"enum {capitalised} {{\n{members}}}\n"
        members = "".join(
            rng.choice((f"  {n} = {v};\n", f"  static {n} = {v};\n", f"  private {n} = {v};\n"))
            for n, v in pairs
        )
        return f"class {capitalised} {{\n{members}}}\n"

    def returning(self, python: bool, name: str, value: str) -> str:
        """A function that returns a literal."""
        a = self.names.argument()
        if python:
            heads = (f"def {name}():\n", f"def {name}({a}):\n")
            return self.rng.choice(tuple(f"{head}    return {value}\n" for head in heads))
        return self.rng.choice(
            (
                f"function {name}() {{\n  return {value};\n}}\n",
                f"export function {name}({a}) {{\n  return {value};\n}}\n",
                f"const {name} = () => {value};\n",
                f"export const {name} = ({a}) => {value};\n",
                f"async function {name}() {{\n  return {value};\n}}\n",
            )
        )

    def with_default(self, python: bool, name: str, p: str, value: str) -> str:
        """A function with a default value for its parameter `p`."""
        a = self.names.argument()
        if a == p:
            a = "arg"
        bodies = (f"return {a} + {p}", f"return {a}", f"return {p}", f"return [{a}, {p}]")
        body = self.rng.choice((*bodies, f"return use({p})"))
        if python:
            both = f"def {name}({a}, {p}={value}):\n    {body}\n"
            return self.rng.choice((both, f"def {name}({p}={value}):\n    return {p}\n"))
        typed = f"{a}: string, {p}: {_type(value, 'number', 'string')} = {value}"
        return self.rng.choice(
            (
                f"function {name}({a}, {p} = {value}) {{\n  {body};\n}}\n",
                f"export function {name}({a}, {p} = {value}) {{\n  {body};\n}}\n",
                f"const {name} = ({a}, {p} = {value}) => {{\n  {body};\n}};\n",
                f"function {name}({p} = {value}) {{\n  return {p};\n}}\n",
                f"export function {name}({typed}) {{\n  {body};\n}}\n",
            )
        )

    def importing(self, python: bool, name: str, module: str) -> str:
        """An import of a name from a module."""
        if python:
            return f"from {module} import {name}\n"
        return self.rng.choice(
            (
                f'import {{ {name} }} from "{module}";\n',
                f'import {{ {name} }} from "{module}";\n',
                f"import {{ {name} }} from '{module}';\n",
                f'import {name} from "{module}";\n',
                f'const {{ {name} }} = require("{module}");\n',
                f'const {name} = require("{module}");\n',
            )
        )

    def calling(self, python: bool, caller: str, called: str) -> str:
        """A function whose body calls another."""
        a = self.names.argument()
        if python:
            first = f"def {caller}({a}):\n    return {called}({a})\n"
            return self.rng.choice((first, f"def {caller}():\n    {called}()\n"))
        through = f"  const out = {called}({a});\n  return out;\n"
        return self.rng.choice(
            (
                f"function {caller}({a}) {{\n  return {called}({a});\n}}\n",
                f"export function {caller}() {{\n  {called}();\n}}\n",
                f"export const {caller} = ({a}) => {called}({a});\n",
                f"function {caller}({a}) {{\n{through}}}\n",
                f"async function {caller}({a}) {{\n  await {called}({a});\n}}\n",
            )
        )

    def class_or_type(self, python: bool, name: str) -> str:
        """A class, an interface or a type."""
        a, body = self._argument_and_body()
        if python:
            return f"class {name}:\n    def __init__(self, {a}):\n        self.{a} = {a}\n"
        return self.rng.choice(
            (
                f"export class {name} {{\n  constructor({a}) {{\n    this.{a} = {a};\n  }}\n}}\n",
                f"class {name} {{\n  run() {{\n    {body};\n  }}\n}}\n",
                f"export interface {name} {{\n  {a}: string;\n}}\n",
                f"export class {name} extends Base {{}}\n",
                f"export type {name} = string | null;\n",
            )
        )

    def plain_function(self, python: bool, name: str) -> str:
        """A function that nothing is asked about but its place."""
        a, body = self._argument_and_body()
        if python:
            return f"def {name}({a}):\n    return {a}\n"
        return self.rng.choice(
            (
                f"function {name}({a}) {{\n  {body};\n}}\n",
                f"export function {name}({a}) {{\n  {body};\n}}\n",
                f"export async function {name}({a}) {{\n  {body};\n}}\n",
                f"const {name} = ({a}) => {{\n  {body};\n}};\n",
            )
        )

    def _argument_and_body(self) -> tuple[str, str]:
        a = self.names.argument()
        bodies = (f"return {a}", f"return {a}.length", f"return !{a}", f"throw new Error({a})")
        return a, self.rng.choice(bodies)
