"""Writes python-names.json: the names of Python itself, which renaming leaves alone.

    python3 python-names.py

`always` holds keywords, usual parameters, builtins and the members of builtin types; `unlessDeclared` the public names
of common modules, their classes' members and their functions' parameters, which a repository may
have as names of its own.
"""

import builtins
import importlib
import inspect
import io
import json
import keyword
import re
import sys
import types
from pathlib import Path

MODULES = """abc asyncio base64 bisect collections collections.abc colorsys contextlib contextvars copy
dataclasses datetime decimal email.message enum errno fnmatch functools gc getpass glob gzip hashlib hmac
html http http.cookies http.cookiejar importlib importlib.metadata importlib.resources importlib.util
inspect io itertools json logging mimetypes netrc operator os os.path pathlib pickle platform pprint queue
random re secrets select shlex shutil signal socket ssl stat string struct subprocess sys tempfile
textwrap threading time traceback types typing typing_extensions unicodedata urllib.parse
urllib.request uuid warnings weakref zlib""".split()


def members(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


def parameters(value):
    try:
        return set(inspect.signature(value).parameters)
    except (TypeError, ValueError):
        return set()


builtin_types = [kind for kind in vars(builtins).values() if isinstance(kind, type)]
builtin_types += [io.TextIOWrapper, io.BufferedReader, io.BytesIO, re.Pattern, re.Match]
builtin_types += [kind for kind in vars(types).values() if isinstance(kind, type)]
always = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self", "cls", "args", "kwargs"}
for kind in builtin_types:
    always |= members(kind)

other = set()
for value in vars(builtins).values():
    other |= parameters(value)
for name in MODULES:
    other |= set(name.split("."))
    try:
        module = importlib.import_module(name)
    except ImportError:
        continue
    public = getattr(module, "__all__", None) or members(module)
    for key in public:
        other.add(key)
        value = getattr(module, key, None)
        other |= parameters(value)
        if isinstance(value, type):
            other |= members(value)

always = sorted(name for name in always if not re.fullmatch(r"__\w+__|.", name))
other = sorted(
    name for name in other - set(always) if name.isidentifier() and not re.match(r"_|.$", name)
)
target = Path(__file__).with_suffix(".json")


def lines(names):
    """Some lines of text are easier to compare than one."""
    return [" ".join(names[at : at + 12]) for at in range(0, len(names), 12)]


content = {"python": sys.version.split()[0], "always": lines(always), "unlessDeclared": lines(other)}
target.write_text(json.dumps(content, indent=2) + "\n")
