"""The lexicons as Python values, each read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hegui.catalogue.sdks import sdks

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A word for a kind of personal information.

    `listed`: it means that kind only in an enumeration or where collected. `alone`: only where its sentence names nothing
    more exact (设备信息, but not 设备信息（型号、IMEI）).
    """

    type: str
    listed: bool
    sensitive: bool
    conf: float
    alone: bool = False


@dataclass(frozen=True, slots=True)
class PermissionWord:
    """A word for a permission. `name` is its Android name or its group; `alone`: it also stands without 权限."""

    name: str
    alone: bool


@cache
def type_words() -> dict[str, tuple[TypeWord, ...]]:
    """Every word with the kinds it stands for; () for a word that stands for none but holds one that does (显著位置)."""
    words: dict[str, tuple[TypeWord, ...]] = {}
    blocked: list[str] = []
    for path in sorted((_HERE / "pi_types").glob("*.toml")):
        for row in _read(path)["type"]:
            for key, conf in (("words", 0.95), ("listed", 0.85)):
                entry = TypeWord(
                    row["id"],
                    key == "listed",
                    row.get("sensitive", False),
                    row.get("conf", conf),
                    row.get("alone", False),
                )
                for word in row.get(key, ()):
                    words[word] = (*words.get(word, ()), entry)
            blocked += row.get("not", ())
    return words | {word: () for word in blocked if word not in words}


@cache
def permission_words() -> dict[str, PermissionWord]:
    words: dict[str, PermissionWord] = {}
    for row in _read(_HERE / "permissions.toml")["permission"]:
        alone = set(row.get("data", ()))
        for word in (*row["words"], *alone):
            words.setdefault(word, PermissionWord(row["name"], word in alone))
    return words


@cache
def column_patterns() -> tuple[tuple[str, str], ...]:
    """The meanings of columns with the pattern each is known by, in the order in which they are tried."""
    return tuple((meaning, pattern) for meaning, pattern in _read(_HERE / "columns.toml")["columns"])


@cache
def recipient_words() -> tuple[str, ...]:
    return tuple(_read(_HERE / "recipients.toml")["words"])


@cache
def right_words() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each right the words that name it, and longer words that do not."""
    table = _read(_HERE / "rights.toml")
    return {key: (tuple(row["words"]), tuple(row["not"])) for key, row in table.items() if isinstance(row, dict)}


@cache
def sdk_words() -> dict[str, str]:
    """Names of SDKs in lower case with the id each has in the catalogue."""
    words: dict[str, str] = {}
    for id, aliases in _read(_HERE / "sdk_names.toml")["aliases"].items():
        words |= dict.fromkeys(aliases, id)
    for one in sdks():
        for name in (one.name.zh, one.name.en):
            words.setdefault(name.lower(), one.id)
    return words


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
