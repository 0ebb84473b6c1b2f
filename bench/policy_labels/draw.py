#!/usr/bin/env python3
"""Draw the test documents and the 300 sentences that were labelled by hand, always the same ones.

    python bench/policy_labels/draw.py [--materials ../shared/materials] [--write] [--text]

First a seed draws TEST_DOCUMENTS of the CAPP-130 documents; nothing of these may be used to train a model or to write a
lexicon. Then, from their sentences, CUED are drawn that contain a cue word (信息 or 权限), and the rest at random from
those without. `--write` writes test_documents.txt; `--text` prints each sentence with its number, for reading. A
document is known by the name of its file without ".txt".

The rule for a sentence: a line, cut after each of 。！？； that stands outside brackets （）()《》“”, without the white
space around it. Pieces of fewer than SHORTEST characters (most headings, page numbers) are left out. Of sentences with
the same words only the first is kept, so that templates which several documents share count once.
"""

import argparse
import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MATERIALS = FOLDER.parents[2] / "shared" / "materials"
CORPUS = Path("policy/zh/capp130/Original_policies")
SEED = 20261130
TEST_DOCUMENTS = 12
SENTENCES = 300
CUED = 210
CUES = ("信息", "权限")
SHORTEST = 8
ENDS = "。！？；"
OPENING = "（(《“"
CLOSING = "）)》”"


@dataclass(frozen=True)
class Sentence:
    """`start` and `end` are character offsets into `document_text`."""

    doc: str
    start: int
    end: int
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def main() -> int:
    arguments = argparse.ArgumentParser(description="Draw the test documents and the sentences to label.")
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--write", action="store_true", help="write test_documents.txt")
    arguments.add_argument("--text", action="store_true", help="print the sentences, numbered")
    chosen = arguments.parse_args()
    folder = chosen.materials / CORPUS
    if not folder.is_dir():
        print(f"skipped: {folder} is absent; the documents are kept outside the repository")
        return 0
    documents = test_documents(folder)
    drawn = draw(folder, documents)
    if chosen.write:
        (FOLDER / "test_documents.txt").write_text("".join(f"{doc}\n" for doc in documents), encoding="utf-8")
    if chosen.text:
        for number, one in enumerate(drawn, 1):
            print(f"{number}\t{one.doc}\t{one.text}")
    print(f"{len(documents)} documents, {len(drawn)} sentences, {sum(map(is_cued, drawn))} with a cue", file=sys.stderr)
    return 0


def test_documents(folder: Path) -> list[str]:
    """The documents of the test set, by name; depends on the names in the folder and the seed alone."""
    names = sorted(path.stem for path in folder.glob("*.txt"))
    return sorted(random.Random(SEED).sample(names, TEST_DOCUMENTS))  # noqa: S311


def draw(folder: Path, documents: list[str]) -> list[Sentence]:
    """The sentences to label, in the order of the documents."""
    first_of: dict[str, Sentence] = {}
    for doc in documents:
        for one in sentences(doc, document_text(folder, doc)):
            first_of.setdefault(one.text, one)
    cued = [one for one in first_of.values() if is_cued(one)]
    others = [one for one in first_of.values() if not is_cued(one)]
    picker = random.Random(SEED)  # noqa: S311
    drawn = picker.sample(cued, CUED) + picker.sample(others, SENTENCES - CUED)
    return sorted(drawn, key=lambda one: (one.doc, one.start))


def is_cued(sentence: Sentence) -> bool:
    return any(cue in sentence.text for cue in CUES)


def document_text(folder: Path, doc: str) -> str:
    """The text that offsets count in: UTF-8, with a byte order mark and the newlines left as they are."""
    return (folder / f"{doc}.txt").read_bytes().decode("utf-8")


def sentences(doc: str, text: str) -> Iterator[Sentence]:
    """The sentences of a document by the rule of this file."""
    start = depth = 0
    for at, character in enumerate(text):
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth = max(0, depth - 1)
        if character in "\r\n":
            # A bracket that is never closed ends with its line.
            depth = 0
        elif character not in ENDS or depth:
            continue
        yield from _trimmed(doc, text, start, at + 1)
        start = at + 1
    yield from _trimmed(doc, text, start, len(text))


def _trimmed(doc: str, text: str, start: int, end: int) -> Iterator[Sentence]:
    said = text[start:end]
    start += len(said) - len(said.lstrip())
    end -= len(said) - len(said.rstrip())
    if end - start >= SHORTEST:
        yield Sentence(doc, start, end, text[start:end])


if __name__ == "__main__":
    sys.exit(main())
