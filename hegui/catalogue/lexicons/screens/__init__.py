"""Words by which screens and controls are known."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent


def says(topic: str, text: str) -> bool:
    """Whether a node with that text belongs to a topic of words.toml."""
    table = _words()[topic]
    said = " ".join(text.split()).casefold()
    if said in table.get("exact", ()):
        return True
    return any(word in said for word in table.get("any", ())) and not any(word in said for word in table.get("not", ()))


def settings_activity(activity: str) -> bool:
    return any(word in activity.rpartition(".")[2].casefold() for word in _words()["settings"]["activity"])


def asks_for(text: str) -> tuple[str, ...]:
    """The permission groups that a text of the system, or one that explains a request, names.

    Longer words go first and take their place away: 拍摄照片 is the camera, and not also photos in the storage.
    """
    said = text.casefold()
    found = set()
    for word, group in _group_words():
        if word in said:
            found.add(group)
            said = said.replace(word, " ")
    return tuple(sorted(found))


def is_permission_owner(package: str) -> bool:
    return package in _words()["system_permission"]["packages"]


def is_permission_control(name: str) -> bool:
    """By resource id: whichever package the maker of the phone moved the box to, the ids stayed Android's."""
    return any(word in name.rpartition("/")[2] for word in _words()["system_permission"]["ids"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((_HERE / "words.toml").read_text("utf-8"))


@cache
def _group_words() -> tuple[tuple[str, str], ...]:
    pairs = [(word, group) for group, words in _words()["groups"].items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))
