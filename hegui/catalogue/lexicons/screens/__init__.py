"""Words by which screens and controls are known."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from hegui.catalogue.lexicons.loader import type_words

# What names a control is short; running text only mentions it.
LABEL: Final = 40
_HERE: Final = Path(__file__).parent
_CLAUSE_END: Final = re.compile(r"[，。；！？,;!?\n]|\.\s")


def says(topic: str, text: str) -> bool:
    """Whether a node with that text belongs to a topic of words.toml."""
    table = _words()[topic]
    said = " ".join(text.split()).casefold()
    if said in table.get("exact", ()):
        return True
    if any(word in said for word in table.get("not", ())):
        return False
    return any(word in said for word in table.get("any", ())) or any(
        re.search(pattern, said) for pattern in table.get("pattern", ())
    )


def told_purpose(text: str) -> Literal["specific", "vague", ""]:
    """Whether a text says what something is used for, and not only what fits anything ("to improve your experience")."""
    clauses = [one for one in _CLAUSE_END.split(text) if says("purpose", one)]
    if not clauses:
        return ""
    return "vague" if all(says("generic_purpose", one) for one in clauses) else "specific"


def asked_to_cancel(text: str) -> tuple[str, ...]:
    """The kinds of information, of those that cancelling an account must not newly ask for, that a text names."""
    return tuple(kind for kind, words in _words()["cancel_asks"].items() if any(word in text for word in words))


def purpose_key(name: str) -> str | None:
    """The permission group whose purpose a key of the package states."""
    group: str | None = _words()["purpose_keys"].get(name)
    return group


def settings_activity(activity: str) -> bool:
    return any(word in activity.rpartition(".")[2].casefold() for word in _words()["settings"]["activity"])


def asks_for(text: str) -> tuple[str, ...]:
    """The permission groups that a text of the system, or one that explains a request, names.

    Longer words go first and take their place away: 拍摄照片 is the camera, and not also photos in the storage.
    """
    said = text.casefold()
    found: set[str] = set()
    for word, group in _group_words():
        if word in said:
            found.add(group)
            said = said.replace(word, " ")
    return tuple(sorted(found - {""}))


def sensitive_types(text: str) -> tuple[str, ...]:
    """The sensitive kinds of personal information that a text names; longer words go first, as in asks_for."""
    said = text.casefold()
    found: set[str] = set()
    for word, types in _sensitive_words():
        if word in said:
            found.update(types)
            said = said.replace(word, " ")
    return tuple(sorted(found))


def field_types(label: str) -> tuple[tuple[str, ...], bool]:
    """The kinds a field of a form asks for, when its label is their name and little else; and whether one is sensitive.

    A search box that only mentions such a word is no field for it. What [fields] names has a kind of its own there: a height
    that is asked for to fit clothes is no record of somebody's health.
    """
    name = _noise().sub("", label.casefold())
    words = type_words().get(name, ())
    codes = {code for code, names in _words()["fields"].items() if name in names}
    return tuple(sorted({one.type for one in words} | codes)), not codes and any(one.sensitive for one in words)


def is_permission_owner(package: str) -> bool:
    return package in _words()["system_permission"]["packages"]


def is_os_settings(package: str) -> bool:
    return package in _words()["os_settings"]["packages"] or is_permission_owner(package)


def is_around(package: str) -> bool:
    """Whether a window belongs to the phone around the app: bars, the keyboard."""
    table = _words()["around"]
    return package in table["packages"] or any(word in package for word in table["any"])


def is_permission_control(name: str) -> bool:
    """By resource id: whichever package the maker of the phone moved the box to, the ids stayed Android's."""
    return any(word in name.rpartition("/")[2] for word in _words()["system_permission"]["ids"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((_HERE / "words.toml").read_text("utf-8"))


@cache
def _group_words() -> tuple[tuple[str, str], ...]:
    """Words and their group, the longest first; "" for those that are of none and hold a word that is."""
    pairs = [(word, group) for group, words in _words()["groups"].items() for word in words]
    pairs += [(word, "") for word in _words()["groups_not"]["any"]]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def _noise() -> re.Pattern[str]:
    return re.compile("|".join(_words()["field"]["noise"]))


@cache
def _sensitive_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Chinese words for sensitive kinds, and those for something else that hold one (设备指纹); the longest first."""
    words = type_words()
    meant = {
        word: tuple(one.type for one in kinds if one.sensitive and not one.listed) for word, kinds in words.items()
    }
    named = [word for word, types in meant.items() if types and not word.isascii()]
    pairs = [(word, types) for word, types in meant.items() if any(one in word for one in named)]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))
