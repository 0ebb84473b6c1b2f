"""Text a person reads, in both languages. A leaf: every layer may import it, it imports nothing of ours."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and in English; Chinese is shown first."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


def halves(text: str) -> Words:
    """Both languages of a text that was kept as one, "中文 / English", as the detail of a stage; else it is its own."""
    parts = text.split(" / ")
    if len(parts) % 2:
        return Words(text, text)
    return Words(" / ".join(parts[: len(parts) // 2]), " / ".join(parts[len(parts) // 2 :]))
