"""What the name of a field says about its value."""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

# imei, imsi, … as in keys.toml.
Meaning = str

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+|[^\W\d_a-zA-Z]+")
# Longer names hold no more than that many pieces that belong together (google + advertising + id).
_JOINED = 3
# Last pieces that tell the form of the value, not what it is.
_FORMS = {"md5", "sha", "sha1", "sha256", "hash", "hashed", "hex", "str", "value", "enc", "encrypted", "1", "2"}


def pieces_of(key: str) -> list[str]:
    """The last name of a dotted one, cut at separators and capitals: deviceImei → device, imei."""
    return [piece.lower() for piece in _PIECE.findall(key.removesuffix("[]").rpartition(".")[2])]


@lru_cache(maxsize=4096)
def meaning(key: str) -> frozenset[Meaning]:
    """All that the end of a dotted name may mean; empty for most names. fb_mobile_pckg_fp is no phone number."""
    pieces = pieces_of(key)
    while len(pieces) > 1 and pieces[-1] in _FORMS:
        pieces.pop()
    words = {"".join(pieces[-size:]) for size in range(1, _JOINED + 1)}
    return frozenset(one for one, known in _keys().items() if words & known)


def hash_named(key: str) -> str:
    """The hash that a name says its value is: md5, sha1, sha256, or ""."""
    name = key.lower()
    return next((one for one in ("md5", "sha256", "sha1") if one in name), "")


# A word, a label or a quoted name, and at most a sign between it and its value.
_NAME_BEFORE = re.compile(r"([A-Za-z_]\w{1,30}|[\u4e00-\u9fff]{2,5})[\"']?\s{0,2}[:：=>为是]{0,2}\s{0,2}[\"'+]?$")


def before(text: str, at: int) -> str:
    """The last word in front of a place in running text, as far as it can name what follows."""
    found = _NAME_BEFORE.search(text[max(0, at - 40) : at])
    return found.group(1) if found else ""


@cache
def table() -> dict[str, Any]:
    """keys.toml."""
    return tomllib.loads((Path(__file__).parent / "keys.toml").read_text("utf-8"))


@cache
def _keys() -> dict[Meaning, frozenset[str]]:
    return {one: frozenset(words) for one, words in table()["keys"].items()}
