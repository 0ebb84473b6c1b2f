"""What the words of a control, a scene's name or a field name tell of what happens there: the lists of acts.toml."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Topic = Literal[
    "starts_camera_or_microphone", "stops_camera_or_microphone", "wakes_by_word", "refreshes_location", "navigates",
    "uploads", "edits_or_keeps_files", "about_others", "fills_codes", "document_image", "compares_biometrics", "other_way",
    "content_of_messages", "looks_into", "not_looked_into", "agrees", "pictures", "shows_camera", "shows_microphone",
    "shows_location",
]  # fmt: skip


def tells(topic: Topic, text: str | None) -> bool:
    """Whether a text holds a word of the topic; False for no text. Case and runs of blanks do not count."""
    said = " ".join((text or "").casefold().split())
    wanted, unwanted = _patterns()[topic]
    return bool(wanted.search(unwanted.sub("\n", said) if unwanted else said))


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    table = tomllib.loads((Path(__file__).parent / "acts.toml").read_text("utf-8"))
    return {
        topic: (_any_of(row["words"]), _any_of(row["not"]) if "not" in row else None)
        for topic, row in table.items()
        if isinstance(row, dict)
    }


def _any_of(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_pattern, longest_first)))


def _pattern(word: str) -> str:
    # "call" must not be found in "recall", nor "mic" in "comics".
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
