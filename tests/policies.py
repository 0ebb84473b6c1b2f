"""Invented privacy rules for tests: one document in text form, changed by the test that needs more."""

from dataclasses import replace
from typing import Any

from hegui.facts.policy import Document, Policy, Span

SHA256 = "cd" * 32


def policy(text: str, name: str = "rules.txt", **changes: Any) -> Policy:
    """Rules whose one document is this text."""
    whole = Document(name, "rules", SHA256, 0, len(text), "text")
    return replace(Policy(text, documents=(whole,)), **changes)


def span(rules: Policy, words: str) -> Span:
    """Where these words stand for the first time."""
    start = rules.text.index(words)
    document = next(one for one in rules.documents if one.start <= start < one.end)
    return Span(document.name, start, start + len(words))
