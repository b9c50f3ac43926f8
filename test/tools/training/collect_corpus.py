"""Collects source text from the installed npm packages whose licences permit it.

    python collect_corpus.py --output build/training/corpus.jsonl

One JSON line a file, {"path", "text"}, in a fixed order; minified, generated and repeated files are
left out. A package counts when package-lock.json names one of the licences below for it; the list
of packages that were used is written beside the corpus.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
}
SUFFIXES = {".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx", ".py"}
ROOT = Path(__file__).parents[3]
MOST_CHARACTERS = 200_000
MOST_API_CHARACTERS = 800_000


def is_written_by_hand(text: str, path: Path) -> bool:
    """Whether a file looks like source that people write and read."""
    lines = text.split("\n")
    # The editor's own interface is long, and worth knowing.
    is_api = path.as_posix().endswith("vscode/index.d.ts")
    most = MOST_API_CHARACTERS if is_api else MOST_CHARACTERS
    if not 200 <= len(text) <= most or max(map(len, lines)) > 400:
        return False
    digits = sum(character.isdigit() for character in text) / len(text)
    ascii_share = sum(character.isascii() for character in text) / len(text)
    return len(text) / len(lines) <= 90 and ascii_share >= 0.98 and digits < 0.12


def permissive_packages() -> dict[str, str]:
    """Folders of packages, in order, with their licences."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf8"))
    licences = {path: entry.get("license") for path, entry in sorted(lock["packages"].items())}
    return {path: name for path, name in licences.items() if path and name in PERMISSIVE}


def sources(package: Path) -> Iterator[Path]:
    """The source files of one package, without the packages nested in it."""
    for path in sorted(package.rglob("*")):
        inner = path.relative_to(package)
        if "node_modules" in inner.parts or path.suffix not in SUFFIXES:
            continue
        if path.is_file() and not path.is_symlink() and ".min." not in path.name:
            yield path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("build/training/corpus.jsonl"))
    options = parser.parse_args()
    options.output.parent.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    used: dict[str, str] = {}
    with options.output.open("w", encoding="utf8") as output:
        for folder, licence in permissive_packages().items():
            for path in sources(ROOT / folder):
                try:
                    text = path.read_text(encoding="utf8")
                except UnicodeDecodeError:
                    continue
                text = text.replace("\r\n", "\n").replace("\t", "  ")
                text = re.sub(r"\n//# sourceMappingURL=.*", "", text)
                digest = hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()
                if digest in seen or not is_written_by_hand(text, path):
                    continue
                seen.add(digest)
                used[folder] = licence
                name = path.relative_to(ROOT / "node_modules").as_posix()
                output.write(json.dumps({"path": name, "text": text}) + "\n")
    listing = options.output.with_suffix(".packages.json")
    listing.write_text(json.dumps(used, indent=2) + "\n", encoding="utf8")
    print(f"{len(seen)} files of {len(used)} packages")


if __name__ == "__main__":
    main()
